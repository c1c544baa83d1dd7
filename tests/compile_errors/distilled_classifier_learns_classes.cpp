// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: objective_needs_a_head<typeformer::sequence_classification, vision>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct vision
    : tf::encoder_only<
          tf::patch_embedding<tf::image<3, 32, 32>, tf::patch<8, 8>, tf::width<16>, tf::class_and_distillation_token>,
          tf::learned_positions<tf::context<18>>,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<32, tf::relu>>,
          tf::distilled_classifier<4>> {};

tf::training_pass<vision, tf::sequence_classification> learn;  // expect-own-line
