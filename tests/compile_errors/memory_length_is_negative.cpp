// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::memory_length<-2>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                            tf::relative_positions<tf::context<8>, tf::memory_length<-2>>,
                            tf::transformer_xl_attention<tf::heads<2>>, tf::tied_head> {};

using wrong = tf::session<m>;  // expect-own-line
