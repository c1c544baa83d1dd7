// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/fixed_string.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/channel_forecast.hpp>
#include <typeformer/layers/chunk_pooling.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/frozen_batch_norm.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/series_embedding.hpp>
#include <typeformer/models/lasting_text.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// The numbers of a PatchTST; the defaults are those of Hugging Face's configuration.
struct patchtst_config {
  index_type layers = 3, width = 128, heads = 4;
  index_type hidden = 512;                      ///< of the feed-forward
  index_type channels = 1, length = 32;         ///< of a time series [length][channels]
  index_type patch_length = 1, patch_step = 1;  ///< moments of a patch, and from one patch to the next
  index_type classes = 0;                       ///< 0: no classifier
  index_type forecast = 0;                      ///< next moments that are predicted of each channel; 0: none
  index_type targets = 0;                       ///< numbers of a head that learns numbers; 0: there is none
  bool has_class_token = false;                 ///< in each channel, and pooled instead of its other rows
  bool has_batch_norm = true;                   ///< with the statistics of the file; otherwise layer norms
  bool norms_before = true;                     ///< pre-norm blocks
  bool feed_forward_bias = true;
  double epsilon = 1e-5;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

template <patchtst_config C, class Function, class Scaling> struct patchtst_parts {
  using embedding = series_embedding<typeformer::channels<C.channels>, series_length<C.length>,
                                     patch_length<C.patch_length>, width<C.width>, patch_step<C.patch_step>,
                                     std::conditional_t<C.has_class_token, class_token, without_class_token>, Scaling>;
  static constexpr index_type rows_of_channel = embedding::rows_of_channel > 0 ? embedding::rows_of_channel : 1;
  using positions = learned_positions<context<C.channels * rows_of_channel>, position_period<rows_of_channel>>;
  using norm =
      std::conditional_t<C.has_batch_norm, frozen_batch_norm<epsilon<C.epsilon>>, layer_norm<epsilon<C.epsilon>>>;
  using attention = self_attention_with_dropout<C.attention_dropout, heads<C.heads>, bidirectional,
                                                attention_chunks<rows_of_channel>>;
  using hidden = feed_forward<C.hidden, Function, std::conditional_t<C.feed_forward_bias, with_bias, without_bias>>;
  using block = std::conditional_t<C.norms_before, pre_norm_block<attention, hidden, norm, C.dropout>,
                                   post_norm_block<attention, hidden, norm, C.dropout>>;
  template <class Pooling>
  using pooled = chunk_pooling<chunk_count<C.channels>, chunk_rows<rows_of_channel>,
                               std::conditional_t<C.has_class_token, first_of_rows, Pooling>>;
};

}  // namespace detail

/// The tensors of Hugging Face's files, whose names begin with `Prefix`.
template <patchtst_config C, fixed_string Prefix> constexpr auto patchtst_tensors() {
  const auto all_of = [](const char* file, const char* leaf) {
    return file_tensor_rule{.file = file, .leaves = {leaf}};
  };
  constexpr const char* norms[2]{C.has_batch_norm ? lasting_text<Prefix + "encoder.layers.*.norm_sublayer1.batchnorm.">
                                                  : lasting_text<Prefix + "encoder.layers.*.norm_sublayer1.">,
                                 C.has_batch_norm ? lasting_text<Prefix + "encoder.layers.*.norm_sublayer3.batchnorm.">
                                                  : lasting_text<Prefix + "encoder.layers.*.norm_sublayer3.">};
  return std::array{
      all_of(lasting_text<Prefix + "encoder.embedder.input_embedding.">, "series_embedding.projection."),
      where_present(in_shape(lasting_text<Prefix + "encoder.positional_encoder.cls_token">,
                             "series_embedding.class_token", {1, 1, 1, C.width})),
      all_of(lasting_text<Prefix + "encoder.positional_encoder.position_enc">, "position_embedding.weight"),
      all_of(norms[0], "blocks.*.attention_norm."),
      all_of(norms[1], "blocks.*.feed_forward_norm."),
      all_of(lasting_text<Prefix + "encoder.layers.*.self_attn.q_proj.">, "blocks.*.attention.query."),
      all_of(lasting_text<Prefix + "encoder.layers.*.self_attn.k_proj.">, "blocks.*.attention.key."),
      all_of(lasting_text<Prefix + "encoder.layers.*.self_attn.v_proj.">, "blocks.*.attention.value."),
      all_of(lasting_text<Prefix + "encoder.layers.*.self_attn.out_proj.">, "blocks.*.attention.output."),
      all_of(lasting_text<Prefix + "encoder.layers.*.ff.0.">, "blocks.*.feed_forward.up."),
      all_of(lasting_text<Prefix + "encoder.layers.*.ff.3.">, "blocks.*.feed_forward.down."),
      where_present(all_of("head.linear.", "classifier.")),
      where_present(all_of("head.projection.", "projection.")),
  };
}

/// The body of PatchTST (Nie et al. 2023, arXiv:2211.14730, §3.1), and the layers after it: the patches of each channel
/// of a time series, learned or sinusoidal positions as a table, and blocks in which a row sees its own channel. From
/// the published code: norms and their order, a class token, the scaling of channels. Tensor names are those of Hugging
/// Face's PatchTST, which begin with `Prefix`.
template <patchtst_config C, fixed_string Prefix, class Function, class Scaling, class... Layers>
struct patchtst_body
    : encoder_only<typename detail::patchtst_parts<C, Function, Scaling>::embedding,
                   typename detail::patchtst_parts<C, Function, Scaling>::positions, dropout<C.dropout>,
                   repeat<C.layers, checkpoint_if<C.recomputes_blocks,
                                                  typename detail::patchtst_parts<C, Function, Scaling>::block>>,
                   Layers...> {
  static constexpr patchtst_config config = C;
  static constexpr auto tensors = patchtst_tensors<C, Prefix>();
  static constexpr file_names huggingface{
      tensors.data(),
      int(tensors.size()),
      Prefix.characters,
      {lasting_text<Prefix + "encoder.layers.*.norm_sublayer1.batchnorm.num_batches_tracked">,
       lasting_text<Prefix + "encoder.layers.*.norm_sublayer3.batchnorm.num_batches_tracked">}};
  static constexpr initial_values starts[]{{.pattern = "*running_var", .constant = 1}};
  static constexpr initialization initial{starts, 1};
};

namespace detail {
/// The head that the configuration asks for, at most one.
template <patchtst_config C, class Function, class Scaling, class Pooling> constexpr auto patchtst_with_head() {
  using pooled = typename patchtst_parts<C, Function, Scaling>::template pooled<Pooling>;
  if constexpr (C.classes > 0)
    return std::type_identity<patchtst_body<C, "model.", Function, Scaling, pooled, classifier<C.classes>>>{};
  else if constexpr (C.forecast > 0)
    return std::type_identity<
        patchtst_body<C, "model.", Function, Scaling, pooled,
                      named<"projection", channel_forecast<typeformer::channels<C.channels>, series_length<C.length>,
                                                           forecast_length<C.forecast>, Scaling>>>>{};
  else if constexpr (C.targets > 0)
    return std::type_identity<
        patchtst_body<C, "model.", Function, Scaling, pooled, named<"projection", linear<C.targets>>>>{};
  else return std::type_identity<patchtst_body<C, "", Function, Scaling>>{};
}
}  // namespace detail

/// PatchTST that classifies time series [length][channels], with `classes`, predicts their next moments, with
/// `forecast`, or numbers of each, with `targets`; without them, its body. The heads of classes and numbers read the
/// channels side by side, each pooled over its rows; a forecast reads the channels one by one, with `all_of_rows` or
/// another pooling.
template <patchtst_config C, class Function = gelu_erf, class Scaling = standardized, class Pooling = mean_of_rows>
struct patchtst : decltype(detail::patchtst_with_head<C, Function, Scaling, Pooling>())::type {};

}  // namespace typeformer
