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
/// Patches that overlap, after two learned rows.
template <class... Last>
using small_spectrogram =
    encoder_only<patch_embedding<image<1, 5, 4>, patch<2, 2>, width<8>, patch_stride<2, 1>, stored_by_columns,
                                 class_and_distillation_token>,
                 learned_positions<context<8>>, repeat<2, real_block<bidirectional>>, layer_norm<>, Last...>;
/// Two channels of three rows, which do not see one another.
template <class Scaling, class Pooling, class... Last>
using small_series =
    encoder_only<series_embedding<channels<2>, series_length<5>, patch_length<2>, width<8>, class_token, Scaling>,
                 learned_positions<context<6>, position_period<3>>,
                 repeat<2, pre_norm_block<self_attention<heads<2>, bidirectional, attention_chunks<3>>,
                                          feed_forward<12, gelu_tanh>>>,
                 chunk_pooling<chunk_count<2>, chunk_rows<3>, Pooling>, Last...>;
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
