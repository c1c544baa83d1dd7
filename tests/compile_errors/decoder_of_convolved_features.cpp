// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: first_layer_of_a_decoder_sees_later_tokens<typeformer::convolved_features<typeformer::channels<3>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct next_sound
    : tf::decoder_only<tf::convolved_features<tf::channels<3>, tf::width<16>, tf::gelu_erf>,
                       tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::classifier<4>> {};

static_assert(tf::parameter_count<next_sound> > 0);  // expect-own-line
