// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_needs_a_vocabulary<typeformer::tied_head, typeformer::feature_embedding<typeformer::channels<3>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct sensor
    : tf::decoder_only<tf::feature_embedding<tf::channels<3>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::tied_head> {};

static_assert(tf::parameter_count<sensor> > 0);  // expect-own-line
