// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::padding<50>, typeformer::token_embedding<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>, tf::padding<50>>,
                                   tf::learned_positions<tf::context<8>>, tf::tied_head> {};
using wrong = tf::session<my_model>;  // expect-own-line
