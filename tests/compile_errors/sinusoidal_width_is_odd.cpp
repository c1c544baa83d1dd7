// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: sinusoidal_width_is_odd<typeformer::width<63>, typeformer::sinusoidal_positions<typeformer::context<128>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct odd_width
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<512>, tf::width<63>>, tf::sinusoidal_positions<tf::context<128>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<3>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<odd_width> > 0);  // expect-own-line
