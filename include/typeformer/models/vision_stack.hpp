// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <type_traits>

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/fixed_string.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/patch_embedding.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/models/lasting_text.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The stack that ViT, DeiT and the audio spectrogram transformer share (Dosovitskiy et al. 2021, arXiv:2010.11929, §3.1
/// and fig. 1): patches and learned rows, learned positions, pre-norm blocks that see all rows, a norm; and the layers
/// after it. `C` has the numbers, `Embedding` is a `patch_embedding`.
template <auto C, class Embedding, class Function, class... Layers>
using vision_stack = encoder_only<
    Embedding, learned_positions<context<(Embedding::rows_of_image > 0 ? Embedding::rows_of_image : 1)>>,
    dropout<C.dropout>,
    repeat<C.layers,
           checkpoint_if<C.recomputes_blocks, pre_norm_block<self_attention_with_dropout<
                                                                 C.attention_dropout, heads<C.heads>, bidirectional,
                                                                 std::conditional_t<C.query_key_value_bias, with_bias,
                                                                                    without_query_key_value_bias>>,
                                                             feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                                             layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
    named<"final_norm", layer_norm<epsilon<C.epsilon>>>, Layers...>;

/// The embedding of square or other images, cut into patches as a convolution does: what is left over is not read.
template <auto C, class Tokens>
using vision_embedding =
    patch_embedding<image<C.channels, C.image_height, C.image_width>, patch<C.patch_height, C.patch_width>,
                    width<C.width>, patch_stride<C.patch_height, C.patch_width>, Tokens>;

/// The tensors of Hugging Face's files of a `vision_stack` with this embedding, whose names begin with `Prefix`, and
/// those of `more` rules.
template <fixed_string Prefix, class Embedding, class... More> constexpr auto vision_tensors(More... more) {
  using grid = typename Embedding::grid;
  const auto all_of = [](const char* file, const char* leaf) {
    return file_tensor_rule{.file = file, .leaves = {leaf}};
  };
  return std::array{
      in_shape(lasting_text<Prefix + "embeddings.cls_token">, "patch_embedding.class_token", {1, 1, Embedding::width}),
      where_present(in_shape(lasting_text<Prefix + "embeddings.distillation_token">,
                             "patch_embedding.distillation_token", {1, 1, Embedding::width})),
      in_shape(lasting_text<Prefix + "embeddings.patch_embeddings.projection.weight">,
               "patch_embedding.projection.weight",
               {Embedding::width, grid::image::channels, grid::patch::height, grid::patch::width}),
      all_of(lasting_text<Prefix + "embeddings.patch_embeddings.projection.bias">, "patch_embedding.projection.bias"),
      in_shape(lasting_text<Prefix + "embeddings.position_embeddings">, "position_embedding.weight",
               {1, Embedding::rows_of_image, Embedding::width}),
      all_of(lasting_text<Prefix + "encoder.layer.*.attention.attention.">, "blocks.*.attention."),
      all_of(lasting_text<Prefix + "encoder.layer.*.attention.output.dense.">, "blocks.*.attention.output."),
      all_of(lasting_text<Prefix + "encoder.layer.*.layernorm_before.">, "blocks.*.attention_norm."),
      all_of(lasting_text<Prefix + "encoder.layer.*.layernorm_after.">, "blocks.*.feed_forward_norm."),
      all_of(lasting_text<Prefix + "encoder.layer.*.intermediate.dense.">, "blocks.*.feed_forward.up."),
      all_of(lasting_text<Prefix + "encoder.layer.*.output.dense.">, "blocks.*.feed_forward.down."),
      all_of(lasting_text<Prefix + "layernorm.">, "final_norm."),
      more...};
}

}  // namespace typeformer
