// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: rotary_width_is_larger_than_the_head<typeformer::rotary_width<32>, typeformer::head_width<16>, typeformer::self_attention<typeformer::heads<4>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct wide_rotation
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
          tf::rotary_positions<tf::context<128>, tf::rotary_width<32>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<wide_rotation> > 0);  // expect-own-line
