// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <iterator>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/token_and_sequence_heads.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a BERT; the defaults are BERT base (Devlin et al. 2019, arXiv:1810.04805, §3).
struct bert_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 30522, context = 512, segments = 2;
  double epsilon = 1e-12;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  index_type padding_id = 0;       ///< its row of the token table gets no gradient from a lookup
  bool classifies_pairs = true;    ///< pooler and next-sentence head beside the masked-token head
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule bert_tensors[] = {
    {"bert.embeddings.word_embeddings.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"bert.embeddings.position_embeddings.weight", file_layout::as_is, {"position_embedding.weight"}},
    {"bert.embeddings.token_type_embeddings.weight", file_layout::as_is, {"segment_embedding.weight"}},
    {"bert.embeddings.LayerNorm.weight", file_layout::as_is, {"embedding_norm.weight"}},
    {"bert.embeddings.LayerNorm.bias", file_layout::as_is, {"embedding_norm.bias"}},
    {"bert.encoder.layer.*.attention.self.query.weight", file_layout::as_is, {"blocks.*.attention.query.weight"}},
    {"bert.encoder.layer.*.attention.self.query.bias", file_layout::as_is, {"blocks.*.attention.query.bias"}},
    {"bert.encoder.layer.*.attention.self.key.weight", file_layout::as_is, {"blocks.*.attention.key.weight"}},
    {"bert.encoder.layer.*.attention.self.key.bias", file_layout::as_is, {"blocks.*.attention.key.bias"}},
    {"bert.encoder.layer.*.attention.self.value.weight", file_layout::as_is, {"blocks.*.attention.value.weight"}},
    {"bert.encoder.layer.*.attention.self.value.bias", file_layout::as_is, {"blocks.*.attention.value.bias"}},
    {"bert.encoder.layer.*.attention.output.dense.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    {"bert.encoder.layer.*.attention.output.dense.bias", file_layout::as_is, {"blocks.*.attention.output.bias"}},
    {"bert.encoder.layer.*.attention.output.LayerNorm.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    {"bert.encoder.layer.*.attention.output.LayerNorm.bias", file_layout::as_is, {"blocks.*.attention_norm.bias"}},
    {"bert.encoder.layer.*.intermediate.dense.weight", file_layout::as_is, {"blocks.*.feed_forward.up.weight"}},
    {"bert.encoder.layer.*.intermediate.dense.bias", file_layout::as_is, {"blocks.*.feed_forward.up.bias"}},
    {"bert.encoder.layer.*.output.dense.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
    {"bert.encoder.layer.*.output.dense.bias", file_layout::as_is, {"blocks.*.feed_forward.down.bias"}},
    {"bert.encoder.layer.*.output.LayerNorm.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"bert.encoder.layer.*.output.LayerNorm.bias", file_layout::as_is, {"blocks.*.feed_forward_norm.bias"}},
    where_present({"bert.pooler.dense.weight", file_layout::as_is, {"pooler.dense.weight"}}),
    where_present({"bert.pooler.dense.bias", file_layout::as_is, {"pooler.dense.bias"}}),
    where_present({"cls.predictions.bias", file_layout::as_is, {"masked_lm.bias"}}),
    where_present({"cls.predictions.transform.dense.weight", file_layout::as_is, {"masked_lm.dense.weight"}}),
    where_present({"cls.predictions.transform.dense.bias", file_layout::as_is, {"masked_lm.dense.bias"}}),
    where_present({"cls.predictions.transform.LayerNorm.weight", file_layout::as_is, {"masked_lm.norm.weight"}}),
    where_present({"cls.predictions.transform.LayerNorm.bias", file_layout::as_is, {"masked_lm.norm.bias"}}),
    where_present({"cls.predictions.decoder.weight", file_layout::as_is, {"masked_lm.head.weight"}}),
};
/// The classifier of pre-training, for pairs. Any other one has its own name.
inline constexpr file_tensor_rule bert_pair_tensors[] = {
    where_present({"cls.seq_relationship.weight", file_layout::as_is, {"classifier.weight"}}),
    where_present({"cls.seq_relationship.bias", file_layout::as_is, {"classifier.bias"}}),
};

inline constexpr auto bert_tensors_with_pairs = joined_rules(bert_tensors, bert_pair_tensors);

/// The body of BERT (Devlin et al. 2019, arXiv:1810.04805, §3 and fig. 2) and the heads after it. Embeddings of tokens,
/// positions and segments are added. Post-norm blocks as those of Vaswani et al. 2017, with a feed-forward of four
/// widths, see the whole text (§3). GELU and dropout in all layers are from A.2.
///
/// From the published code: the norm after the embedding, learned positions, ε and weights that are initialized
/// normally with 0.02 (`initializer_range`). Tensor names are those of Hugging Face's BERT.
///
/// `Heads` are the last layers: `with_pooled<first_token_pooler<>>` of `BertModel`, `first_token_pooler<>` and
/// `classifier<N>` for sequences, `classifier<N>` for tokens, `answer_span_head`, `sentence_embedding<>`, none, or your
/// own.
template <bert_config C, class Function, class... Heads>
struct bert_body : encoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>,
                                segment_embedding<segments<C.segments>>, learned_positions<context<C.context>>,
                                named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>, dropout<C.dropout>,
                                post_norm_encoder_blocks<C, Function>, Heads...> {
  static constexpr bert_config config = C;
  static constexpr bool predicts_pairs = (detail::is_pair_of_heads<Heads> || ...);
  static constexpr file_names huggingface{
      predicts_pairs ? bert_tensors_with_pairs.data() : bert_tensors,
      int(predicts_pairs ? bert_tensors_with_pairs.size() : std::size(bert_tensors)),
      "bert.",
      {"bert.embeddings.position_ids", "cls.predictions.decoder.bias"},
      C.tied ? std::array<const char*, 2>{"cls.predictions.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings_and("cls.predictions.bias", "cls.predictions.decoder.bias"),
      {"bert.pooler.dense.weight", "bert.pooler.dense.bias", "cls.seq_relationship.weight",
       "cls.seq_relationship.bias"}};
};

/// BERT for pre-training (Devlin et al. 2019, §3.1): its body, the head for masked tokens and, unless left out, the
/// head for the next sentence. GELU is exact, as in Hugging Face's configurations (`gelu`).
template <bert_config C, class Function = gelu_erf>
struct bert
    : std::conditional_t<
          C.classifies_pairs,
          bert_body<C, Function,
                    token_and_sequence_heads<masked_lm_head_of<C, Function>, first_token_pooler<>, classifier<2>>>,
          bert_body<C, Function, masked_lm_head_of<C, Function>>> {};

}  // namespace typeformer
