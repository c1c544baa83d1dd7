// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <iterator>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/rotary_positions_of_layers.hpp>
#include <typeformer/models/encoder_layers.hpp>
#include <typeformer/models/listed_rotary_tables.hpp>
#include <typeformer/models/modernbert_files.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a ModernBERT; the defaults are ModernBERT base (Warner et al. 2024, arXiv:2412.13663, table 4).
struct modernbert_config {
  index_type layers = 22, width = 768, heads = 12, hidden = 1152;
  index_type vocabulary = 50368, context = 8192;
  index_type local_attention = 128;                   ///< tokens that a local layer sees, half of them on each side
  double global_theta = 160000, local_theta = 10000;  ///< of the rotary positions
  double epsilon = 1e-5;
  bool attention_bias = false, mlp_bias = false, norm_bias = false;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  index_type padding_id = 50283;   ///< its row of the token table gets no gradient from a lookup
  bool tied = true;                ///< the masked-token head multiplies by the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Whether a layer of a ModernBERT is local: 0 for every `N`th one, beginning with the first, and 1 for the others.
template <index_type N> constexpr index_type global_every(index_type layer) { return layer % N == 0 ? 0 : 1; }

namespace detail {

/// Half of the tokens on each side, and the token itself.
template <modernbert_config C, index_type (*IsLocal)(index_type)>
constexpr index_type modernbert_window(index_type layer) {
  return IsLocal(layer) == 0 ? 0 : C.local_attention / 2 + 1;
}

template <modernbert_config C, class Function, index_type (*IsLocal)(index_type)> struct modernbert_parts {
  static constexpr number rate{C.dropout};
  template <bool HasBias> using bias = std::conditional_t<HasBias, with_bias, without_bias>;
  using norm = layer_norm<epsilon<C.epsilon>, bias<C.norm_bias>>;
  using windows = two_sided<sliding_windows<modernbert_window<C, IsLocal>>>;
  using attention = named<"attention", self_attention_with_dropout<C.attention_dropout, heads<C.heads>, bidirectional,
                                                                   windows, bias<C.attention_bias>>>;
  using feed_forward =
      residual_with_dropout<rate, named<"feed_forward_norm", norm>,
                            named<"feed_forward", gated_feed_forward<C.hidden, Function, bias<C.mlp_bias>>>>;
  /// The embedding is already normalized.
  using first_block = sequential<residual_with_dropout<rate, attention>, feed_forward>;
  using block = sequential<residual_with_dropout<rate, named<"attention_norm", norm>, attention>, feed_forward>;
  template <number Theta>
  using rotary = rotary_positions<context<C.context>, rotary_width<C.width / C.heads>, half_split_pairs, theta<Theta>>;
};

}  // namespace detail

/// ModernBERT (Warner et al. 2024, arXiv:2412.13663, §2.1): an encoder with rotary positions, gated feed-forwards and
/// few biases, in which every third layer sees all tokens and the others a window around each (§2.1.2). The first block
/// has no norm before its attention, because the embedding ends in one.
///
/// `IsLocal(layer)` is 0 for layers that see all tokens, 1 for the others. `Heads` are the last layers, none for
/// `ModernBertModel`: `masked_lm_head` with the norm of this stack and `without_dense_bias`; `first_token` or
/// `mean_pooling`, `dense_transform` and `classifier<N>` for sequences; `dense_transform` and `classifier<N>` or
/// `answer_span_head` for tokens and answers; or your own. Tensor names are those of Hugging Face's ModernBERT.
template <modernbert_config C, class Function = gelu_erf, index_type (*IsLocal)(index_type) = global_every<3>,
          class... Heads>
struct modernbert
    : encoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>,
          named<"embedding_norm", typename detail::modernbert_parts<C, Function, IsLocal>::norm>, dropout<C.dropout>,
          rotary_positions_of_layers<
              IsLocal, typename detail::modernbert_parts<C, Function, IsLocal>::template rotary<C.global_theta>,
              typename detail::modernbert_parts<C, Function, IsLocal>::template rotary<C.local_theta>>,
          named<"first", repeat<1, checkpoint_if<C.recomputes_blocks, typename detail::modernbert_parts<
                                                                          C, Function, IsLocal>::first_block>>>,
          layer_if<(C.layers > 1), repeat<C.layers - 1,
                                          checkpoint_if<C.recomputes_blocks,
                                                        typename detail::modernbert_parts<C, Function, IsLocal>::block>,
                                          own_block, 1>>,
          final_norm<typename detail::modernbert_parts<C, Function, IsLocal>::norm>, Heads...> {
  static constexpr modernbert_config config = C;
  using windows = typename detail::modernbert_parts<C, Function, IsLocal>::windows;
  static constexpr file_names huggingface{
      .rules = modernbert_tensors,
      .rule_count = int(std::size(modernbert_tensors)),
      .optional_prefix = "model.",
      .copy_of_the_table = C.tied ? std::array<const char*, 2>{"decoder.weight", "token_embedding.weight"}
                                  : std::array<const char*, 2>{},
      .first_block = 1};
};

}  // namespace typeformer
