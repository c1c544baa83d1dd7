// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: encoder_delivers_no_row_for_each_token<typeformer::encoder<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using embedding = tf::token_embedding<tf::vocabulary<11>, tf::width<8>>;
using block =
    tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<16, tf::gelu_tanh>>;
using decoder_block =
    tf::pre_norm_decoder_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::cross_attention<tf::heads<2>>,
                               tf::feed_forward<16, tf::gelu_tanh>>;
using positions = tf::learned_positions<tf::context<8>>;
struct m : tf::encoder_decoder<embedding, tf::encoder<positions, block, tf::mean_pooling>,
                               tf::decoder<positions, decoder_block, tf::tied_head>> {};

using wrong = tf::session<m>;  // expect-own-line
