// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <iterator>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a DistilBERT; the defaults are the published base model's (Sanh et al. 2019, arXiv:1910.01108).
struct distilbert_config {
  index_type layers = 6, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 30522, context = 512;
  double epsilon = 1e-12;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  index_type padding_id = 0;       ///< its row of the token table gets no gradient from a lookup
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule distilbert_tensors[] = {
    {.file = "distilbert.embeddings.word_embeddings.", .leaves = {"token_embedding."}},
    {.file = "distilbert.embeddings.position_embeddings.", .leaves = {"position_embedding."}},
    {.file = "distilbert.embeddings.LayerNorm.", .leaves = {"embedding_norm."}},
    {.file = "distilbert.transformer.layer.*.attention.q_lin.", .leaves = {"blocks.*.attention.query."}},
    {.file = "distilbert.transformer.layer.*.attention.k_lin.", .leaves = {"blocks.*.attention.key."}},
    {.file = "distilbert.transformer.layer.*.attention.v_lin.", .leaves = {"blocks.*.attention.value."}},
    {.file = "distilbert.transformer.layer.*.attention.out_lin.", .leaves = {"blocks.*.attention.output."}},
    {.file = "distilbert.transformer.layer.*.sa_layer_norm.", .leaves = {"blocks.*.attention_norm."}},
    {.file = "distilbert.transformer.layer.*.ffn.lin1.", .leaves = {"blocks.*.feed_forward.up."}},
    {.file = "distilbert.transformer.layer.*.ffn.lin2.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "distilbert.transformer.layer.*.output_layer_norm.", .leaves = {"blocks.*.feed_forward_norm."}},
    where_present({.file = "vocab_transform.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "vocab_layer_norm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "vocab_projector.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "vocab_projector.weight", .leaves = {"masked_lm.head.weight"}}),
    where_present({.file = "pre_classifier.", .leaves = {"pooler.dense."}}),
};

/// DistilBERT (Sanh et al. 2019, arXiv:1910.01108, §2): BERT with half of the layers, without segments and pooler.
///
/// `Heads` are the last layers, none for `DistilBertModel`: `masked_lm_head_of<C, Function>`,
/// `first_token_pooler<relu>` and `classifier<N>` for sequences, `classifier<N>` for tokens, `answer_span_head`, or
/// your own. Weights are initialized normally with 0.02. Tensor names are those of Hugging Face's DistilBERT.
template <distilbert_config C, class Function = gelu_erf, class... Heads>
struct distilbert
    : encoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>,
                   learned_positions<context<C.context>>, named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>,
                   dropout<C.dropout>, post_norm_encoder_blocks<C, Function>, Heads...> {
  static constexpr distilbert_config config = C;
  static constexpr file_names huggingface{
      distilbert_tensors,
      int(std::size(distilbert_tensors)),
      "distilbert.",
      {"distilbert.embeddings.position_ids"},
      C.tied ? std::array<const char*, 2>{"vocab_projector.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{}};
};

}  // namespace typeformer
