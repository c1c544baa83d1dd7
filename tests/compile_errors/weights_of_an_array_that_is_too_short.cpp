// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: array_is_not_as_large_as_the_parameters<typeformer::numbers<47>, typeformer::numbers<48>, small>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<8>, tf::width<4>>,
                                tf::learned_positions<tf::context<4>>, tf::tied_head> {};

const float flash[47]{};
const tf::canonical_weights<small> wrong{flash};  // expect-own-line
