// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: distances_do_not_fit_their_buckets<typeformer::buckets<3>, typeformer::maximum_distance<128>, typeformer::relative_position_bias<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using embedding = tf::token_embedding<tf::vocabulary<11>, tf::width<8>>;
using block =
    tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<16, tf::gelu_tanh>>;
struct m : tf::encoder_only<embedding,
                            tf::relative_position_bias<tf::context<8>, tf::heads<2>, tf::buckets<3>, tf::bidirectional>,
                            tf::repeat<2, block>> {};

using wrong = tf::forward_pass<m>;  // expect-own-line
