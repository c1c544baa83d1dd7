// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: session_reads_no_images<vision
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct vision
    : tf::decoder_only<tf::patch_embedding<tf::image<1, 8, 8>, tf::patch<4, 4>, tf::width<16>>,
                       tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::classifier<4>> {};

using wrong = tf::session<vision>;  // expect-own-line
