// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: size_of_the_array_is_not_known_to_the_compiler<std::vector<float.*small>
#include <typeformer/typeformer.hpp>

#include <vector>

namespace tf = typeformer;

struct small : tf::decoder_only<tf::token_embedding<tf::vocabulary<8>, tf::width<4>>,
                                tf::learned_positions<tf::context<4>>, tf::tied_head> {};

const std::vector<float> flash(48);
const tf::canonical_weights<small> wrong{flash};  // expect-own-line
