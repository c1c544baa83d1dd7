// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: options_contradict_one_another<typeformer::without_bias, typeformer::without_output_bias, typeformer::self_attention<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::self_attention<tf::heads<2>, tf::without_bias, tf::without_output_bias>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
