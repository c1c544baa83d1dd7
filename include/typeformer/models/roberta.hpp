// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a RoBERTa; the defaults are RoBERTa base (Liu et al. 2019, arXiv:1907.11692, table 9).
struct roberta_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 50265, segments = 1;
  index_type context = 512;  ///< positions of tokens; the table has padding_id + 1 more rows
  double epsilon = 1e-5;
  double dropout = 0;            ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;  ///< of the probabilities of attention, in training
  index_type padding_id = 1;
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule roberta_tensors[] = {
    {"roberta.embeddings.word_embeddings.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"roberta.embeddings.position_embeddings.weight", file_layout::as_is, {"position_embedding.weight"}},
    {"roberta.embeddings.token_type_embeddings.weight", file_layout::as_is, {"segment_embedding.weight"}},
    {"roberta.embeddings.LayerNorm.weight", file_layout::as_is, {"embedding_norm.weight"}},
    {"roberta.embeddings.LayerNorm.bias", file_layout::as_is, {"embedding_norm.bias"}},
    {"roberta.encoder.layer.*.attention.self.query.weight", file_layout::as_is, {"blocks.*.attention.query.weight"}},
    {"roberta.encoder.layer.*.attention.self.query.bias", file_layout::as_is, {"blocks.*.attention.query.bias"}},
    {"roberta.encoder.layer.*.attention.self.key.weight", file_layout::as_is, {"blocks.*.attention.key.weight"}},
    {"roberta.encoder.layer.*.attention.self.key.bias", file_layout::as_is, {"blocks.*.attention.key.bias"}},
    {"roberta.encoder.layer.*.attention.self.value.weight", file_layout::as_is, {"blocks.*.attention.value.weight"}},
    {"roberta.encoder.layer.*.attention.self.value.bias", file_layout::as_is, {"blocks.*.attention.value.bias"}},
    {"roberta.encoder.layer.*.attention.output.dense.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    {"roberta.encoder.layer.*.attention.output.dense.bias", file_layout::as_is, {"blocks.*.attention.output.bias"}},
    {"roberta.encoder.layer.*.attention.output.LayerNorm.weight",
     file_layout::as_is,
     {"blocks.*.attention_norm.weight"}},
    {"roberta.encoder.layer.*.attention.output.LayerNorm.bias", file_layout::as_is, {"blocks.*.attention_norm.bias"}},
    {"roberta.encoder.layer.*.intermediate.dense.weight", file_layout::as_is, {"blocks.*.feed_forward.up.weight"}},
    {"roberta.encoder.layer.*.intermediate.dense.bias", file_layout::as_is, {"blocks.*.feed_forward.up.bias"}},
    {"roberta.encoder.layer.*.output.dense.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
    {"roberta.encoder.layer.*.output.dense.bias", file_layout::as_is, {"blocks.*.feed_forward.down.bias"}},
    {"roberta.encoder.layer.*.output.LayerNorm.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"roberta.encoder.layer.*.output.LayerNorm.bias", file_layout::as_is, {"blocks.*.feed_forward_norm.bias"}},
    where_present({"lm_head.bias", file_layout::as_is, {"masked_lm.bias"}}),
    where_present({"lm_head.dense.weight", file_layout::as_is, {"masked_lm.dense.weight"}}),
    where_present({"lm_head.dense.bias", file_layout::as_is, {"masked_lm.dense.bias"}}),
    where_present({"lm_head.layer_norm.weight", file_layout::as_is, {"masked_lm.norm.weight"}}),
    where_present({"lm_head.layer_norm.bias", file_layout::as_is, {"masked_lm.norm.bias"}}),
    where_present({"lm_head.decoder.weight", file_layout::as_is, {"masked_lm.head.weight"}}),
};
inline constexpr file_tensor_rule roberta_pooler_tensors[] = {
    where_present({"roberta.pooler.dense.weight", file_layout::as_is, {"pooler.dense.weight"}}),
    where_present({"roberta.pooler.dense.bias", file_layout::as_is, {"pooler.dense.bias"}}),
};
inline constexpr auto roberta_tensors_with_pooler = joined_rules(roberta_tensors, roberta_pooler_tensors),
                      roberta_tensors_with_classes = joined_rules(roberta_tensors, dense_classifier_tensors);

/// The body of RoBERTa (Liu et al. 2019, arXiv:1907.11692) and the heads after it: BERT's architecture (§2), with a
/// vocabulary of byte-level BPE (§4.4). From the published code: positions that are counted from the row after that of
/// padding, one segment, ε, exact GELU.
///
/// Weights are initialized normally with 0.02, as BERT's. Tensor names are those of Hugging Face's RoBERTa and
/// XLM-RoBERTa (Conneau et al. 2020, arXiv:1911.02116), which is the same with another vocabulary. `Heads` are as
/// those of `bert_body`.
template <roberta_config C, class Function, class... Heads>
struct roberta_body : encoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>,
                                   segment_embedding<segments<C.segments>>,
                                   learned_positions<context<C.context>, first_position_row<C.padding_id + 1>>,
                                   named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>, dropout<C.dropout>,
                                   post_norm_encoder_blocks<C, Function>, Heads...> {
  static constexpr roberta_config config = C;
  static constexpr file_names huggingface{
      (classifies_sequences<Heads...> ? roberta_tensors_with_classes : roberta_tensors_with_pooler).data(),
      int(roberta_tensors_with_pooler.size()),
      "roberta.",
      {"roberta.embeddings.position_ids", "lm_head.decoder.bias"},
      C.tied ? std::array<const char*, 2>{"lm_head.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings_and("lm_head.bias", "lm_head.decoder.bias"),
      {"roberta.pooler.dense.weight", "roberta.pooler.dense.bias"}};
};

/// RoBERTa for pre-training: with masked tokens only, without pairs of segments (Liu et al. 2019, §4.2). Its head has
/// the exact GELU for any `Function` of the body, as in the published code.
template <roberta_config C, class Function = gelu_erf>
struct roberta : roberta_body<C, Function, masked_lm_head_of<C, gelu_erf>> {};

}  // namespace typeformer
