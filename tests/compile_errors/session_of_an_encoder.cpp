// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: only_a_decoder_predicts_the_next_token<small_encoder>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct small_encoder
    : tf::bert<tf::bert_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 128}> {};

using wrong = tf::session<small_encoder>;  // expect-own-line
