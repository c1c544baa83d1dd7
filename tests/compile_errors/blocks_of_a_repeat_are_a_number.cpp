// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: iteration_has_no_such_block<typeformer::repeat<2,
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using embedding = tf::token_embedding<tf::vocabulary<11>, tf::width<8>>;
using block = tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<16, tf::gelu_tanh>>;
struct m : tf::decoder_only<embedding, tf::learned_positions<tf::context<8>>, tf::repeat<2, block, 3>, tf::tied_head> {
};

using wrong = tf::session<m>;  // expect-own-line
