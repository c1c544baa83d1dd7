// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an MPNet; the defaults are MPNet base (Song et al. 2020, arXiv:2004.09297, §3.1).
struct mpnet_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 30527;
  index_type context = 512;                         ///< positions of tokens; the table has padding_id + 1 more rows
  index_type buckets = 32, maximum_distance = 128;  ///< of the position bias
  double epsilon = 1e-12;
  double dropout = 0;            ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;  ///< of the probabilities of attention, in training
  index_type padding_id = 1;
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule mpnet_tensors[] = {
    {.file = "mpnet.embeddings.word_embeddings.", .leaves = {"token_embedding."}},
    {.file = "mpnet.embeddings.position_embeddings.", .leaves = {"position_embedding."}},
    {.file = "mpnet.embeddings.LayerNorm.", .leaves = {"embedding_norm."}},
    {.file = "mpnet.encoder.relative_attention_bias.", .leaves = {"position_bias."}},
    {.file = "mpnet.encoder.layer.*.attention.attn.q.", .leaves = {"blocks.*.attention.query."}},
    {.file = "mpnet.encoder.layer.*.attention.attn.k.", .leaves = {"blocks.*.attention.key."}},
    {.file = "mpnet.encoder.layer.*.attention.attn.v.", .leaves = {"blocks.*.attention.value."}},
    {.file = "mpnet.encoder.layer.*.attention.attn.o.", .leaves = {"blocks.*.attention.output."}},
    {.file = "mpnet.encoder.layer.*.attention.LayerNorm.", .leaves = {"blocks.*.attention_norm."}},
    {.file = "mpnet.encoder.layer.*.intermediate.dense.", .leaves = {"blocks.*.feed_forward.up."}},
    {.file = "mpnet.encoder.layer.*.output.dense.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "mpnet.encoder.layer.*.output.LayerNorm.", .leaves = {"blocks.*.feed_forward_norm."}},
    where_present({.file = "lm_head.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "lm_head.layer_norm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "lm_head.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "lm_head.decoder.weight", .leaves = {"masked_lm.head.weight"}}),
};
inline constexpr file_tensor_rule mpnet_pooler_tensors[] = {
    where_present({.file = "mpnet.pooler.dense.", .leaves = {"pooler.dense."}}),
};

namespace detail {
template <class... Heads> constexpr auto mpnet_rules() {
  if constexpr (classifies_sequences<Heads...>) return joined_rules(mpnet_tensors, dense_classifier_tensors);
  else return joined_rules(mpnet_tensors, mpnet_pooler_tensors);
}
}  // namespace detail

/// MPNet (Song et al. 2020, arXiv:2004.09297): BERT's stack without segments, with positions that are counted from the
/// row after that of padding, and a learned bias of distances as in T5, which all layers share (both from the published
/// code).
///
/// `Heads` are the last layers: `with_pooled<first_token_pooler<>>` of `MPNetModel`, `masked_lm_head_of<C,
/// gelu_erf>`, `first_token_pooler<>` and `classifier<N>` for sequences, `classifier<N>` for tokens,
/// `answer_span_head`, none, or your own. Weights are initialized normally with 0.02. Tensor names are those of Hugging
/// Face's MPNet.
template <mpnet_config C, class Function = gelu_erf, class... Heads>
struct mpnet : encoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>,
                            learned_positions<context<C.context>, first_position_row<C.padding_id + 1>>,
                            named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>, dropout<C.dropout>,
                            relative_position_bias<context<C.context>, heads<C.heads>, buckets<C.buckets>,
                                                   maximum_distance<C.maximum_distance>, bidirectional>,
                            post_norm_encoder_blocks<C, Function>, Heads...> {
  static constexpr mpnet_config config = C;

 private:
  static constexpr auto rules = detail::mpnet_rules<Heads...>();

 public:
  static constexpr file_names huggingface{
      rules.data(),
      int(rules.size()),
      "mpnet.",
      {"mpnet.embeddings.position_ids", "lm_head.decoder.bias"},
      C.tied ? std::array<const char*, 2>{"lm_head.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings_and("lm_head.bias", "lm_head.decoder.bias"),
      {"mpnet.pooler.dense.weight", "mpnet.pooler.dense.bias"}};
};

}  // namespace typeformer
