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

/// The numbers of an ELECTRA; the defaults are those of Hugging Face's configuration, which is ELECTRA small (Clark et
/// al. 2020, arXiv:2003.10555, table 6).
struct electra_config {
  index_type layers = 12, width = 256, heads = 4;
  index_type embedding_width = 128;  ///< of the tables; if it is not `width`, a projection follows
  index_type hidden = 0;             ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 30522, context = 512, segments = 2;
  double epsilon = 1e-12;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  index_type padding_id = 0;       ///< its row of the token table gets no gradient from a lookup
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule electra_tensors[] = {
    {.file = "electra.embeddings.word_embeddings.", .leaves = {"token_embedding."}},
    {.file = "electra.embeddings.position_embeddings.", .leaves = {"position_embedding."}},
    {.file = "electra.embeddings.token_type_embeddings.", .leaves = {"segment_embedding."}},
    {.file = "electra.embeddings.LayerNorm.", .leaves = {"embedding_norm."}},
    where_present({.file = "electra.embeddings_project.", .leaves = {"embedding_projection."}}),
    {.file = "electra.encoder.layer.*.attention.self.query.", .leaves = {"blocks.*.attention.query."}},
    {.file = "electra.encoder.layer.*.attention.self.key.", .leaves = {"blocks.*.attention.key."}},
    {.file = "electra.encoder.layer.*.attention.self.value.", .leaves = {"blocks.*.attention.value."}},
    {.file = "electra.encoder.layer.*.attention.output.dense.", .leaves = {"blocks.*.attention.output."}},
    {.file = "electra.encoder.layer.*.attention.output.LayerNorm.", .leaves = {"blocks.*.attention_norm."}},
    {.file = "electra.encoder.layer.*.intermediate.dense.", .leaves = {"blocks.*.feed_forward.up."}},
    {.file = "electra.encoder.layer.*.output.dense.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "electra.encoder.layer.*.output.LayerNorm.", .leaves = {"blocks.*.feed_forward_norm."}},
    where_present({.file = "generator_predictions.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "generator_predictions.LayerNorm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "generator_lm_head.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "generator_lm_head.weight", .leaves = {"masked_lm.head.weight"}}),
};
/// Of the head that finds replaced tokens. After another head `classifier` has its own name.
inline constexpr file_tensor_rule electra_discriminator_tensors[] = {
    where_present({.file = "discriminator_predictions.dense.", .leaves = {"transform.dense."}}),
    where_present({.file = "discriminator_predictions.dense_prediction.", .leaves = {"classifier."}}),
};

namespace detail {
template <class Layer> inline constexpr bool is_dense_transform = false;
template <class... Arguments> inline constexpr bool is_dense_transform<dense_transform<Arguments...>> = true;

template <class... Heads> constexpr auto electra_rules() {
  if constexpr (classifies_sequences<Heads...>) return joined_rules(electra_tensors, dense_classifier_tensors);
  else if constexpr ((is_dense_transform<Heads> || ...))
    return joined_rules(electra_tensors, electra_discriminator_tensors);
  else return std::to_array(electra_tensors);
}
}  // namespace detail

/// ELECTRA (Clark et al. 2020, arXiv:2003.10555): BERT's stack behind embeddings that may be narrower (§3.2 and the
/// published code), trained to find replaced tokens, with a small generator that replaces them.
///
/// `Heads` are the last layers, none for `ElectraModel`: `dense_transform<Function>` and `classifier<1>` of the
/// discriminator, `masked_lm_head_of<C, gelu_erf>` of the generator, `first_token_pooler<gelu_erf>` and
/// `classifier<N>` for sequences, `classifier<N>` for tokens, `answer_span_head`, or your own. Weights are initialized
/// normally with 0.02. Tensor names are those of Hugging Face's ELECTRA.
template <electra_config C, class Function = gelu_erf, class... Heads>
struct electra
    : encoder_only<token_embedding<vocabulary<C.vocabulary>, width<C.embedding_width>, padding<C.padding_id>>,
                   segment_embedding<segments<C.segments>>, learned_positions<context<C.context>>,
                   named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>, dropout<C.dropout>,
                   layer_if<C.embedding_width != C.width, named<"embedding_projection", linear<C.width>>>,
                   post_norm_encoder_blocks<C, Function>, Heads...> {
  static constexpr electra_config config = C;

 private:
  static constexpr auto rules = detail::electra_rules<Heads...>();

 public:
  static constexpr file_names huggingface{
      rules.data(),
      int(rules.size()),
      "electra.",
      {"electra.embeddings.position_ids"},
      C.tied ? std::array<const char*, 2>{"generator_lm_head.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings};
};

}  // namespace typeformer
