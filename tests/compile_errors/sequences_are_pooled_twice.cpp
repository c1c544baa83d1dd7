// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_cannot_stand_here<typeformer::mean_pooling>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct pooled_twice
    : tf::bert_body<tf::bert_config{.layers = 2, .width = 64, .heads = 4, .vocabulary = 512, .context = 128},
                    tf::gelu_erf, tf::first_token, tf::sentence_embedding<>> {};

static_assert(tf::parameter_count<pooled_twice> > 0);  // expect-own-line
