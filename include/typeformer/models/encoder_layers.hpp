// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/layer_if.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/composition/with_pooled.hpp>
#include <typeformer/layers/answer_span_head.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/dense_transform.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/first_token_pooler.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/masked_lm_head.hpp>
#include <typeformer/layers/mean_pooling.hpp>
#include <typeformer/layers/segment_embedding.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/sentence_embedding.hpp>
#include <typeformer/layers/token_embedding.hpp>

/// The layers that presets of encoders are made of, and the heads that they may end in. `C` is a configuration.
namespace typeformer {

/// BERT's blocks (Devlin et al. 2019, arXiv:1810.04805, §3), with any attention.
template <auto C, class Function,
          class Attention = self_attention_with_dropout<C.attention_dropout, heads<C.heads>, bidirectional>>
using post_norm_encoder_blocks =
    repeat<C.layers, checkpoint_if<C.recomputes_blocks,
                                   post_norm_block<Attention, feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                                   layer_norm<epsilon<C.epsilon>>, C.dropout>>>;

/// The head for masked tokens whose norm and table are those of `C`.
template <auto C, class Function>
using masked_lm_head_of =
    masked_lm_head<Function, layer_norm<epsilon<C.epsilon>>, std::conditional_t<C.tied, tied_head, untied_head>>;

}  // namespace typeformer
