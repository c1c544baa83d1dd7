// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: image_has_more_patches_than_the_context<typeformer::context<16>, typeformer::context<17>, typeformer::patch_embedding
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct vision
    : tf::encoder_only<
          tf::patch_embedding<tf::image<3, 32, 32>, tf::patch<8, 8>, tf::width<16>, tf::class_token>,
          tf::learned_positions<tf::context<16>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::first_token, tf::classifier<4>> {};

static_assert(tf::parameter_count<vision> > 0);  // expect-own-line
