// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: only_a_decoder_predicts_the_next_token<small_encoder>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct small_encoder
    : tf::bert<tf::bert_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 128}> {};

static_assert(tf::footprint<small_encoder, tf::decoding>::ram_bytes > 0);  // expect-own-line
