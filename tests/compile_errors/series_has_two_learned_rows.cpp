// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<typeformer::class_and_distillation_token, typeformer::series_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct vision
    : tf::encoder_only<
          tf::series_embedding<tf::channels<3>, tf::series_length<6>, tf::patch_length<2>, tf::width<16>,
                               tf::class_and_distillation_token>,
          tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::mean_pooling, tf::classifier<4>> {};

static_assert(tf::parameter_count<vision> > 0);  // expect-own-line
