// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <iterator>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/token_and_sequence_heads.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an ALBERT; the defaults are ALBERT base (Lan et al. 2020, arXiv:1909.11942, table 1).
struct albert_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type embedding_width = 128;  ///< of the tables, narrower than the stream (§3.1: factorized embedding)
  index_type groups = 1;             ///< of layers that share their parameters (§3.1: 1)
  index_type layers_in_group = 1;    ///< blocks of a group, which run in sequence wherever the group is used
  index_type hidden = 0;             ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 30000, context = 512, segments = 2;
  double epsilon = 1e-12;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  index_type padding_id = 0;       ///< its row of the token table gets no gradient from a lookup
  bool classifies_pairs = true;    ///< pooler and sentence-order head beside the masked-token head
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// The group whose parameters a layer reads if `Layers` layers share `Groups` groups: the first layers use the first
/// one, and so on. It divides in floating point as in the published code, which matters if Groups does not divide
/// Layers.
template <index_type Layers, index_type Groups> constexpr index_type group_of(index_type layer) {
  return index_type(double(layer) / (double(Layers) / double(Groups)));
}

inline constexpr file_tensor_rule albert_tensors[] = {
    {"albert.embeddings.word_embeddings.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"albert.embeddings.position_embeddings.weight", file_layout::as_is, {"position_embedding.weight"}},
    {"albert.embeddings.token_type_embeddings.weight", file_layout::as_is, {"segment_embedding.weight"}},
    {"albert.embeddings.LayerNorm.weight", file_layout::as_is, {"embedding_norm.weight"}},
    {"albert.embeddings.LayerNorm.bias", file_layout::as_is, {"embedding_norm.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.query.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.query.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.query.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.query.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.key.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.key.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.key.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.key.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.value.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.value.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.value.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.value.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.dense.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.output.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.dense.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention.output.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.LayerNorm.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention_norm.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.attention.LayerNorm.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.attention_norm.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.ffn.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.feed_forward.up.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.ffn.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.feed_forward.up.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.ffn_output.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.feed_forward.down.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.ffn_output.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.feed_forward.down.bias"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.full_layer_layer_norm.weight",
     file_layout::as_is,
     {"blocks.*.blocks.*.feed_forward_norm.weight"}},
    {"albert.encoder.albert_layer_groups.*.albert_layers.*.full_layer_layer_norm.bias",
     file_layout::as_is,
     {"blocks.*.blocks.*.feed_forward_norm.bias"}},
    {"albert.encoder.embedding_hidden_mapping_in.weight", file_layout::as_is, {"embedding_projection.weight"}},
    {"albert.encoder.embedding_hidden_mapping_in.bias", file_layout::as_is, {"embedding_projection.bias"}},
    where_present({"albert.pooler.weight", file_layout::as_is, {"pooler.dense.weight"}}),
    where_present({"albert.pooler.bias", file_layout::as_is, {"pooler.dense.bias"}}),
    where_present({"predictions.bias", file_layout::as_is, {"masked_lm.bias"}}),
    where_present({"predictions.dense.weight", file_layout::as_is, {"masked_lm.dense.weight"}}),
    where_present({"predictions.dense.bias", file_layout::as_is, {"masked_lm.dense.bias"}}),
    where_present({"predictions.LayerNorm.weight", file_layout::as_is, {"masked_lm.norm.weight"}}),
    where_present({"predictions.LayerNorm.bias", file_layout::as_is, {"masked_lm.norm.bias"}}),
    where_present({"predictions.decoder.weight", file_layout::as_is, {"masked_lm.head.weight"}}),
};
/// The classifier of pre-training, for pairs. Any other one has its own name.
inline constexpr file_tensor_rule albert_pair_tensors[] = {
    where_present({"sop_classifier.classifier.weight", file_layout::as_is, {"classifier.weight"}}),
    where_present({"sop_classifier.classifier.bias", file_layout::as_is, {"classifier.bias"}}),
};
inline constexpr auto albert_tensors_with_pairs = joined_rules(albert_tensors, albert_pair_tensors);

/// The body of ALBERT (Lan et al. 2020, arXiv:1909.11942, §3.1) and the heads after it. It is BERT's, with GELU and a
/// feed-forward of four widths, narrow embeddings that a projection widens to the stream, and layers that share their
/// parameters (all §3.1).
///
/// From the published code and configurations: the norm of the narrow embedding comes before the projection, the
/// projection has a bias, GELU by tanh (`gelu_new`), ε, and weights that are initialized normally with 0.02. Tensor
/// names are those of Hugging Face's ALBERT. `Heads` are as those of `bert_body`.
template <albert_config C, class Function, class... Heads>
struct albert_body
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.embedding_width>, padding<C.padding_id>>,
          segment_embedding<segments<C.segments>>, learned_positions<context<C.context>>,
          named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>, dropout<C.dropout>,
          named<"embedding_projection", linear<C.width>>,
          repeat<C.layers,
                 repeat<C.layers_in_group,
                        checkpoint_if<C.recomputes_blocks,
                                      post_norm_block<self_attention_with_dropout<C.attention_dropout, heads<C.heads>,
                                                                                  bidirectional>,
                                                      feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                                      layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
                 group_of<C.layers, C.groups>>,
          Heads...> {
  static constexpr albert_config config = C;
  static constexpr bool predicts_pairs = (detail::is_pair_of_heads<Heads> || ...);
  static constexpr file_names huggingface{
      predicts_pairs ? albert_tensors_with_pairs.data() : albert_tensors,
      int(predicts_pairs ? albert_tensors_with_pairs.size() : std::size(albert_tensors)),
      "albert.",
      {"albert.embeddings.position_ids", "predictions.decoder.bias"},
      C.tied ? std::array<const char*, 2>{"predictions.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings_and("predictions.bias", "predictions.decoder.bias"),
      {"albert.pooler.weight", "albert.pooler.bias", "sop_classifier.classifier.weight",
       "sop_classifier.classifier.bias"}};
};

/// ALBERT for pre-training (Lan et al. 2020, §3.1): its body, the head for masked tokens, which is as wide as the
/// embedding, and, unless left out, the head for the order of sentences.
template <albert_config C, class Function = gelu_tanh>
struct albert
    : std::conditional_t<
          C.classifies_pairs,
          albert_body<C, Function,
                      token_and_sequence_heads<masked_lm_head_of<C, Function>, first_token_pooler<>, classifier<2>>>,
          albert_body<C, Function, masked_lm_head_of<C, Function>>> {};

}  // namespace typeformer
