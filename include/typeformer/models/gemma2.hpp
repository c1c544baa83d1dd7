// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/models/detail/capped_head.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Gemma 2; the defaults are Gemma 2 2B (Gemma Team 2024, arXiv:2408.00118, table 1).
struct gemma2_config {
  index_type layers = 26, width = 2304, heads = 8;
  index_type key_value_heads = 4;  ///< 0: as many as heads
  index_type head_width = 256;     ///< 0: width / heads
  index_type hidden = 9216, vocabulary = 256000, context = 8192;
  double theta = 10000, epsilon = 1e-6;
  double scores_over_root_of = 256;  ///< scores are divided by its root (`query_pre_attn_scalar`)
  double score_cap = 50;             ///< scores are capped softly; 0: not
  double logit_cap = 30;             ///< logits are capped softly; 0: not
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// N tokens in even layers, all in odd ones.
template <index_type N> constexpr index_type windows_in_even_layers(index_type layer) { return layer % 2 == 0 ? N : 0; }

/// Gemma 2 (Gemma Team 2024, arXiv:2408.00118, §2): Gemma with norms on both sides of each branch, soft caps of scores
/// and logits, and windows in every other layer.
///
/// From the published code and configurations: which layers have windows, the divisor of scores, θ and ε. Tensor names
/// are those of Hugging Face's Gemma2ForCausalLM.
template <gemma2_config C, class Function = gelu_tanh, class Windows = sliding_windows<windows_in_even_layers<4096>>,
          class Scaling = position_divisor<1.0>>
struct gemma2
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling>,
          both_norms_block<
              detail::grouped_attention<C, detail::bias_if<C.attention_bias>, Windows,
                                        score_scale<1 / math::sqrt(C.scores_over_root_of)>, soft_cap<C.score_cap>>,
              gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>, unit_offset>>,
          rms_norm<epsilon<C.epsilon>, unit_offset>, detail::capped_head_of<C>, scaled_embedding<>> {
  static constexpr gemma2_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::output_norm_stack_names, C.tied);
};

}  // namespace typeformer
