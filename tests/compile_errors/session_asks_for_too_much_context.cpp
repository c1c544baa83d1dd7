// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_context_is_asked_for_than_the_model_has<typeformer::context<256>, typeformer::context<128>, short_context>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct short_context
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
          tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>>, tf::feed_forward<256, tf::gelu_tanh>>>,
          tf::layer_norm<>, tf::tied_head> {};

using wrong = tf::session<short_context, tf::context<256>>;  // expect-own-line
