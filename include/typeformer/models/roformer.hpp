// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <iterator>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/layers/learned_rotary_positions.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// The numbers of a RoFormer; the defaults are those of Hugging Face's configuration (Su et al. 2021,
/// arXiv:2104.09864).
struct roformer_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type embedding_width = 0;  ///< of the tables; 0: `width`; if it is not `width`, a projection follows
  index_type hidden = 0;           ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 50000, context = 1536, segments = 2;
  double epsilon = 1e-12;
  bool rotates_values = false;     ///< values rotate with queries and keys
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  index_type padding_id = 0;       ///< its row of the token table gets no gradient from a lookup
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule roformer_tensors[] = {
    {.file = "roformer.embeddings.word_embeddings.", .leaves = {"token_embedding."}},
    {.file = "roformer.embeddings.token_type_embeddings.", .leaves = {"segment_embedding."}},
    {.file = "roformer.embeddings.LayerNorm.", .leaves = {"embedding_norm."}},
    where_present({.file = "roformer.embeddings_project.", .leaves = {"embedding_projection."}}),
    {.file = "roformer.encoder.embed_positions.", .leaves = {"rotary_positions."}},
    {.file = "roformer.encoder.layer.*.attention.self.query.", .leaves = {"blocks.*.attention.query."}},
    {.file = "roformer.encoder.layer.*.attention.self.key.", .leaves = {"blocks.*.attention.key."}},
    {.file = "roformer.encoder.layer.*.attention.self.value.", .leaves = {"blocks.*.attention.value."}},
    {.file = "roformer.encoder.layer.*.attention.output.dense.", .leaves = {"blocks.*.attention.output."}},
    {.file = "roformer.encoder.layer.*.attention.output.LayerNorm.", .leaves = {"blocks.*.attention_norm."}},
    {.file = "roformer.encoder.layer.*.intermediate.dense.", .leaves = {"blocks.*.feed_forward.up."}},
    {.file = "roformer.encoder.layer.*.output.dense.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "roformer.encoder.layer.*.output.LayerNorm.", .leaves = {"blocks.*.feed_forward_norm."}},
    where_present({.file = "cls.predictions.transform.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "cls.predictions.transform.LayerNorm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "cls.predictions.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "cls.predictions.decoder.weight", .leaves = {"masked_lm.head.weight"}}),
};

namespace detail {
template <class... Heads> constexpr auto roformer_rules() {
  if constexpr (classifies_sequences<Heads...>) return joined_rules(roformer_tensors, dense_classifier_tensors);
  else return std::to_array(roformer_tensors);
}
}  // namespace detail

/// RoFormer (Su et al. 2021, arXiv:2104.09864): BERT's stack with rotary positions in place of learned ones (§3.2). As
/// in the published code, neighboring columns of a head rotate together, and the angles' sines and cosines are a table
/// of the file.
///
/// `Heads` are the last layers, none for `RoFormerModel`: `masked_lm_head_of<C, Function>`,
/// `first_token_pooler<Function>` and `classifier<N>` for sequences, `classifier<N>` for tokens, `answer_span_head`,
/// or your own. Weights are initialized normally with 0.02, the table of angles with these. Tensor names are those of
/// Hugging Face's RoFormer.
template <roformer_config C, class Function = gelu_erf, class... Heads>
struct roformer
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.embedding_width ? C.embedding_width : C.width>,
                          padding<C.padding_id>>,
          segment_embedding<segments<C.segments>>, named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>,
          dropout<C.dropout>,
          layer_if<C.embedding_width != 0 && C.embedding_width != C.width,
                   named<"embedding_projection", linear<C.width>>>,
          learned_rotary_positions<context<C.context>, rotary_width<C.width / C.heads>, adjacent_pairs,
                                   std::conditional_t<C.rotates_values, queries_keys_and_values, queries_and_keys>>,
          post_norm_encoder_blocks<C, Function>, Heads...> {
  static constexpr roformer_config config = C;

 private:
  static constexpr auto rules = detail::roformer_rules<Heads...>();
  static constexpr initial_values starts[] = {
      {.pattern = "rotary_positions.weight", .at = rotary_sinusoid<C.width / C.heads>}};

 public:
  static constexpr initialization initial{starts, int(std::size(starts))};
  static constexpr file_names huggingface{
      rules.data(),
      int(rules.size()),
      "roformer.",
      {"roformer.embeddings.position_ids", "cls.predictions.decoder.bias"},
      C.tied ? std::array<const char*, 2>{"cls.predictions.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      older_layer_norm_endings_and("cls.predictions.bias", "cls.predictions.decoder.bias")};
};

}  // namespace typeformer
