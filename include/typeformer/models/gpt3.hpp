// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <type_traits>

#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/listed_windows.hpp>

namespace typeformer {

/// The numbers of a GPT-3; the defaults are the smallest published one (Brown et al. 2020, arXiv:2005.14165, table
/// 2.1).
struct gpt3_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 50257, context = 2048;
  double epsilon = 1e-5;
  bool scales_scores = true;              ///< by 1 / √(width / heads)
  bool scores_over_layer_number = false;  ///< the first layer's by 1, the second's by 2
  bool tied = true;                       ///< the head is the token table
  double dropout = 0;                     ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;           ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;         ///< training keeps only the input of each block (see `checkpoint`)
};

/// Table 2.1 of the paper. Its 1.3B has 24 heads of 128 in a width of 2048, and its 13B has 40 heads of 128 in a width
/// of 5140. Neither fits, so here they have 16 heads and a width of 5120.
inline constexpr gpt3_config gpt3_small{}, gpt3_medium{.layers = 24, .width = 1024, .heads = 16},
    gpt3_large{.layers = 24, .width = 1536, .heads = 16}, gpt3_xl{.layers = 24, .width = 2048, .heads = 16},
    gpt3_2_7b{.layers = 32, .width = 2560, .heads = 32}, gpt3_6_7b{.layers = 32, .width = 4096, .heads = 32},
    gpt3_13b{.layers = 40, .width = 5120, .heads = 40}, gpt3_175b{.layers = 96, .width = 12288, .heads = 96};

namespace detail {

template <gpt3_config C, class Windows, class... Options>
using gpt3_attention =
    self_attention_with_dropout<C.attention_dropout, heads<C.heads>, causal, Windows,
                                score_scale<C.scales_scores ? 1 / math::sqrt(double(C.width / C.heads)) : 1.0>,
                                Options...>;

}  // namespace detail

/// GPT-3 (Brown et al. 2020, arXiv:2005.14165, §2.1): GPT-2's body, in which every second layer sees only a band of
/// tokens before each token (Child et al. 2019, arXiv:1904.10509). The paper does not give the width of the band; 256
/// is GPT-Neo's. `Windows` is another `sliding_windows<of_layer>`, a `sliding_window<N>` or `no_window`. A context of
/// 2048 and a feed-forward of four widths are from §2.1 too.
///
/// Weights are initialized as GPT-2's (§2.1). What the paper does not say is GPT-2's: GELU by tanh, ε, the tied head
/// and the places of dropout. Tensor names and layouts are those of Hugging Face's GPT2LMHeadModel.
template <gpt3_config C, class Function = gelu_tanh, class Windows = sliding_windows<alternating_windows<256>>>
struct gpt3
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>, learned_positions<context<C.context>>,
          dropout<C.dropout>,
          repeat<C.layers,
                 checkpoint_if<
                     C.recomputes_blocks,
                     pre_norm_block<std::conditional_t<C.scores_over_layer_number,
                                                       detail::gpt3_attention<C, Windows, scores_over_layer_number>,
                                                       detail::gpt3_attention<C, Windows>>,
                                    feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                    layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
          named<"final_norm", layer_norm<epsilon<C.epsilon>>>, std::conditional_t<C.tied, tied_head, untied_head>> {
  static constexpr gpt3_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = gpt2<gpt2_config{.tied = C.tied}>::huggingface;
  static constexpr initialization initial = gpt2<gpt2_config{.layers = C.layers}>::initial;
};

}  // namespace typeformer
