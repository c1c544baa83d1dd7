// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/types.hpp>

/// Small models that read real values.
namespace typeformer::laws {

template <class Mask> using real_block = pre_norm_block<self_attention<heads<2>, Mask>, feed_forward<12, gelu_tanh>>;

/// A vision transformer: five rows per image, of which the first is its class token.
template <class... Last>
using small_vision =
    encoder_only<patch_embedding<image<2, 4, 4>, patch<2, 2>, width<8>, class_token>, learned_positions<context<5>>,
                 repeat<2, real_block<bidirectional>>, layer_norm<>, Last...>;
/// An encoder of rows of three channels.
template <class Embedding, class... Last>
using small_sensor =
    encoder_only<Embedding, learned_positions<context<6>>, repeat<2, real_block<bidirectional>>, layer_norm<>, Last...>;
/// A decoder of rows of three channels.
template <class Embedding, class... Last>
using small_stream =
    decoder_only<Embedding, learned_positions<context<8>>, repeat<2, real_block<causal>>, layer_norm<>, Last...>;

using three_channels = feature_embedding<channels<3>, width<8>>;
using three_channels_and_class = feature_embedding<channels<3>, width<8>, class_token>;

}  // namespace typeformer::laws
