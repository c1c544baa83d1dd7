// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<typeformer::source<8>, small
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                tf::learned_positions<tf::context<4>>, tf::tied_head> {};

using wrong = tf::session<small, tf::source<8>>;  // expect-own-line
