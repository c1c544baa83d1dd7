// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/disentangled_attention.hpp>
#include <typeformer/layers/distance_embedding.hpp>
#include <typeformer/layers/relative_positions.hpp>
#include <typeformer/layers/zero_hidden_rows.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a DeBERTa of version 2 or 3; the defaults are those of Hugging Face's configuration, with the switches
/// of the published models (He et al. 2021, arXiv:2006.03654, arXiv:2111.09543).
struct deberta_v2_config {
  index_type layers = 24, width = 1536, heads = 24;
  index_type embedding_width = 0;  ///< of the tables; 0: `width`; if it is not `width`, a projection follows
  index_type hidden = 0;           ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 128100, context = 512;
  index_type segments = 0;  ///< 0: none
  double epsilon = 1e-7;
  index_type maximum_distance = 0;     ///< 0: `context`
  index_type position_buckets = 256;   ///< for distances; 0: none
  bool attends_by_distance = true;     ///< there are vectors of distances
  bool shares_projections = true;      ///< the projections of queries and keys make those of distances, too
  bool has_distance_keys = true;       ///< "c2p": scores hold products of queries and distances
  bool has_distance_queries = true;    ///< "p2c": scores hold products of keys and distances
  bool normalizes_distances = true;    ///< the vectors of distances pass a norm
  bool has_learned_positions = false;  ///< a table of positions is added to the embedding
  double dropout = 0;                  ///< after the embedding and at the end of each branch, in training
  index_type padding_id = 0;           ///< its row of the token table gets no gradient from a lookup
  bool tied = true;                    ///< the masked-token head multiplies by the token table
  bool head_of_version_1 = true;       ///< the masked-token head has the names of BERT's; else "lm_predictions"
  bool recomputes_blocks = false;      ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule deberta_v2_tensors[] = {
    {.file = "deberta.embeddings.word_embeddings.", .leaves = {"token_embedding."}},
    where_present({.file = "deberta.embeddings.position_embeddings.", .leaves = {"position_embedding."}}),
    where_present({.file = "deberta.embeddings.token_type_embeddings.", .leaves = {"segment_embedding."}}),
    where_present({.file = "deberta.embeddings.embed_proj.", .leaves = {"embedding_projection."}}),
    {.file = "deberta.embeddings.LayerNorm.", .leaves = {"embedding_norm."}},
    where_present({.file = "deberta.encoder.rel_embeddings.weight", .leaves = {"distance_embedding.weight"}}),
    where_present({.file = "deberta.encoder.LayerNorm.", .leaves = {"distance_embedding.norm."}}),
    {.file = "deberta.encoder.layer.*.attention.self.query_proj.", .leaves = {"blocks.*.attention.query."}},
    {.file = "deberta.encoder.layer.*.attention.self.key_proj.", .leaves = {"blocks.*.attention.key."}},
    {.file = "deberta.encoder.layer.*.attention.self.value_proj.", .leaves = {"blocks.*.attention.value."}},
    where_present({.file = "deberta.encoder.layer.*.attention.self.pos_key_proj.",
                   .leaves = {"blocks.*.attention.distance_key."}}),
    where_present({.file = "deberta.encoder.layer.*.attention.self.pos_query_proj.",
                   .leaves = {"blocks.*.attention.distance_query."}}),
    {.file = "deberta.encoder.layer.*.attention.output.dense.", .leaves = {"blocks.*.attention.output."}},
    {.file = "deberta.encoder.layer.*.attention.output.LayerNorm.", .leaves = {"blocks.*.attention_norm."}},
    {.file = "deberta.encoder.layer.*.intermediate.dense.", .leaves = {"blocks.*.feed_forward.up."}},
    {.file = "deberta.encoder.layer.*.output.dense.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "deberta.encoder.layer.*.output.LayerNorm.", .leaves = {"blocks.*.feed_forward_norm."}},
};
inline constexpr file_tensor_rule deberta_v1_head_tensors[] = {
    where_present({.file = "cls.predictions.transform.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "cls.predictions.transform.LayerNorm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "cls.predictions.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "cls.predictions.decoder.weight", .leaves = {"masked_lm.head.weight"}}),
};
inline constexpr file_tensor_rule deberta_v2_head_tensors[] = {
    where_present({.file = "lm_predictions.lm_head.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "lm_predictions.lm_head.LayerNorm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "lm_predictions.lm_head.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "lm_predictions.lm_head.weight", .leaves = {"masked_lm.head.weight"}}),
};

namespace detail {

template <deberta_v2_config C>
inline constexpr double deberta_scale =
    1 / math::sqrt(double(C.width / C.heads) * (1 + int(C.has_distance_keys) + int(C.has_distance_queries)));

template <deberta_v2_config C, class... Options>
using deberta_attention_with = disentangled_attention<heads<C.heads>, score_scale<deberta_scale<C>>, Options...>;
template <deberta_v2_config C, class... Options>
using deberta_attention_with_queries =
    std::conditional_t<C.has_distance_queries, deberta_attention_with<C, Options...>,
                       deberta_attention_with<C, without_distance_queries, Options...>>;
template <deberta_v2_config C, class... Options>
using deberta_attention_with_keys =
    std::conditional_t<C.has_distance_keys, deberta_attention_with_queries<C, Options...>,
                       deberta_attention_with_queries<C, without_distance_keys, Options...>>;
template <deberta_v2_config C>
using deberta_attention =
    std::conditional_t<C.shares_projections, deberta_attention_with_keys<C, shared_distance_projections>,
                       deberta_attention_with_keys<C>>;

template <deberta_v2_config C, class... Options>
using deberta_distances_with =
    distance_embedding<context<C.context>, maximum_distance<C.maximum_distance ? C.maximum_distance : C.context>,
                       Options...>;
template <deberta_v2_config C, class... Options>
using deberta_distances_in_buckets =
    std::conditional_t<(C.position_buckets > 0), deberta_distances_with<C, buckets<C.position_buckets>, Options...>,
                       deberta_distances_with<C, Options...>>;
template <deberta_v2_config C>
using deberta_distances =
    std::conditional_t<C.normalizes_distances, deberta_distances_in_buckets<C, epsilon<C.epsilon>>,
                       deberta_distances_in_buckets<C>>;

}  // namespace detail

/// DeBERTa of version 2 and 3 (He et al. 2021, arXiv:2006.03654, arXiv:2111.09543): BERT's blocks with
/// `disentangled_attention`. From the published code: distances in buckets of logarithms, whose vectors pass a norm,
/// projections that contents and distances share, and embeddings that are 0 for padding.
///
/// `Heads` are the last layers, none for `DebertaV2Model`: `masked_lm_head_of<C, Function>`,
/// `first_token_pooler<gelu_erf>` and `classifier<N>` for sequences, `classifier<N>` for tokens, `answer_span_head`,
/// or your own. Weights are initialized normally with 0.02. Tensor names are those of Hugging Face's DeBERTa-v2, whose
/// convolution after the first block is not here.
template <deberta_v2_config C, class Function = gelu_erf, class... Heads>
struct deberta_v2
    : encoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.embedding_width ? C.embedding_width : C.width>,
                                   padding<C.padding_id>>,
                   std::conditional_t<C.has_learned_positions, learned_positions<context<C.context>>,
                                      relative_positions<context<C.context>>>,
                   layer_if<(C.segments > 0), segment_embedding<segments<C.segments>>>,
                   layer_if<C.embedding_width != 0 && C.embedding_width != C.width,
                            named<"embedding_projection", linear<C.width, without_bias>>>,
                   named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>, zero_hidden_rows, dropout<C.dropout>,
                   layer_if<C.attends_by_distance, detail::deberta_distances<C>>,
                   post_norm_encoder_blocks<C, Function, detail::deberta_attention<C>>, Heads...> {
  static constexpr deberta_v2_config config = C;

 private:
  static constexpr auto rules =
      joined_rules(deberta_v2_tensors, C.head_of_version_1 ? deberta_v1_head_tensors : deberta_v2_head_tensors);

 public:
  static constexpr file_names huggingface{
      rules.data(),
      int(rules.size()),
      "deberta.",
      {"deberta.embeddings.position_ids", "cls.predictions.decoder.bias"},
      C.tied ? std::array<const char*, 2>{"cls.predictions.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings_and("cls.predictions.bias", "cls.predictions.decoder.bias"),
      {"deberta.encoder.LayerNorm.weight", "deberta.encoder.LayerNorm.bias"}};  // of distances, there without them, too
};

}  // namespace typeformer
