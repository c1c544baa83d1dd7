// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/token_dropout.hpp>
#include <typeformer/layers/zero_hidden_rows.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an ESM; the defaults are the smallest ESM-2 (Lin et al. 2023, "Evolutionary-scale prediction of
/// atomic-level protein structure with a language model").
struct esm_config {
  index_type layers = 6, width = 320, heads = 20;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 33;
  index_type context = 1024;  ///< positions of tokens; a table of them has padding_id + 1 more rows
  double epsilon = 1e-5;
  bool rotates = true;           ///< rotary positions; else a table of them
  double theta = 10000;          ///< of rotary positions
  bool drops_tokens = true;      ///< embeddings are scaled by the share of tokens to predict (see `token_dropout`)
  index_type mask_id = 32;       ///< of a token to predict
  bool norms_embedding = false;  ///< a norm after the embedding
  double dropout = 0;            ///< at the end of each branch, in training
  double attention_dropout = 0;  ///< of the probabilities of attention, in training
  index_type padding_id = 1;
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule esm_tensors[] = {
    {.file = "esm.embeddings.word_embeddings.", .leaves = {"token_embedding."}},
    where_present({.file = "esm.embeddings.position_embeddings.", .leaves = {"position_embedding."}}),
    where_present({.file = "esm.embeddings.layer_norm.", .leaves = {"embedding_norm."}}),
    {.file = "esm.encoder.layer.*.attention.self.query.", .leaves = {"blocks.*.attention.query."}},
    {.file = "esm.encoder.layer.*.attention.self.key.", .leaves = {"blocks.*.attention.key."}},
    {.file = "esm.encoder.layer.*.attention.self.value.", .leaves = {"blocks.*.attention.value."}},
    {.file = "esm.encoder.layer.*.attention.output.dense.", .leaves = {"blocks.*.attention.output."}},
    {.file = "esm.encoder.layer.*.attention.LayerNorm.", .leaves = {"blocks.*.attention_norm."}},
    {.file = "esm.encoder.layer.*.intermediate.dense.", .leaves = {"blocks.*.feed_forward.up."}},
    {.file = "esm.encoder.layer.*.output.dense.", .leaves = {"blocks.*.feed_forward.down."}},
    {.file = "esm.encoder.layer.*.LayerNorm.", .leaves = {"blocks.*.feed_forward_norm."}},
    {.file = "esm.encoder.emb_layer_norm_after.", .leaves = {"final_norm."}},
    where_present({.file = "lm_head.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "lm_head.layer_norm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "lm_head.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "lm_head.decoder.weight", .leaves = {"masked_lm.head.weight"}}),
};
inline constexpr file_tensor_rule esm_pooler_tensors[] = {
    where_present({.file = "esm.pooler.dense.", .leaves = {"pooler.dense."}}),
};

namespace detail {
template <class... Heads> constexpr auto esm_rules() {
  if constexpr (classifies_sequences<Heads...>) return joined_rules(esm_tensors, dense_classifier_tensors);
  else return joined_rules(esm_tensors, esm_pooler_tensors);
}
}  // namespace detail

/// ESM-2 and ESM-1b (Lin et al. 2023; Rives et al. 2021, "Biological structure and function emerge from scaling
/// unsupervised learning to 250 million protein sequences"): encoders of proteins with pre-norm blocks and exact GELU.
/// Embeddings are 0 for padding, as in the published code.
///
/// `Heads` are the last layers: `with_pooled<first_token_pooler<>>` of `EsmModel`, `masked_lm_head_of<C, gelu_erf>`,
/// `first_token_pooler<>` and `classifier<N>` for sequences, `classifier<N>` for tokens, none, or your own. Weights are
/// initialized normally with 0.02. Tensor names are those of Hugging Face's ESM, whose head for contacts is not here.
template <esm_config C, class... Heads>
struct esm
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>,
          layer_if<C.drops_tokens, token_dropout<mask_token<C.mask_id>>>,
          std::conditional_t<
              C.rotates,
              rotary_positions<context<C.context>, rotary_width<C.width / C.heads>, half_split_pairs, theta<C.theta>>,
              learned_positions<context<C.context>, first_position_row<C.padding_id + 1>>>,
          layer_if<C.norms_embedding, named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>>, zero_hidden_rows,
          repeat<C.layers, checkpoint_if<C.recomputes_blocks,
                                         pre_norm_block<self_attention_with_dropout<C.attention_dropout, heads<C.heads>,
                                                                                    bidirectional>,
                                                        feed_forward<C.hidden ? C.hidden : 4 * C.width, gelu_erf>,
                                                        layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
          final_norm<layer_norm<epsilon<C.epsilon>>>, Heads...> {
  static constexpr esm_config config = C;

 private:
  static constexpr auto rules = detail::esm_rules<Heads...>();

 public:
  static constexpr file_names huggingface{
      rules.data(),
      int(rules.size()),
      "esm.",
      {"esm.embeddings.position_ids", "esm.embeddings.position_embeddings.weight", "esm.contact_head.regression.weight",
       "esm.contact_head.regression.bias", "esm.rotary_embeddings.inv_freq",
       "esm.encoder.layer.*.attention.self.rotary_embeddings.inv_freq"},
      C.tied ? std::array<const char*, 2>{"lm_head.decoder.weight", "token_embedding.weight"}
             : std::array<const char*, 2>{},
      {},
      {"esm.pooler.dense.weight", "esm.pooler.dense.bias"}};
};

}  // namespace typeformer
