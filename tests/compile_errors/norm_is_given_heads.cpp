// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<typeformer::heads<3>, typeformer::rms_norm<
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<16, tf::gelu_tanh>>>,
                       tf::rms_norm<tf::heads<3>>, tf::tied_head> {};

static_assert(tf::parameter_count<my_model> > 0);  // expect-own-line
