// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_sees_tokens_that_come_later<typeformer::self_attention<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::bidirectional>,
                                                        tf::feed_forward<16, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

using wrong = tf::session<my_model>;  // expect-own-line
