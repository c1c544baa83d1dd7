// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/rotary_positions_of_layers.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/models/detail/capped_head.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Gemma 3; the defaults are Gemma 3 1B (Gemma Team 2025, arXiv:2503.19786, table 1).
struct gemma3_text_config {
  index_type layers = 26, width = 1152, heads = 4;
  index_type key_value_heads = 1;  ///< 0: as many as heads
  index_type head_width = 256;     ///< 0: width / heads
  index_type hidden = 6912, vocabulary = 262144, context = 32768;
  double theta = 1e6;          ///< of the layers that see all tokens
  double local_theta = 10000;  ///< of the layers with a window
  double epsilon = 1e-6;
  double scores_over_root_of = 256;  ///< scores are divided by its root (`query_pre_attn_scalar`)
  double logit_cap = 0;              ///< logits are capped softly; 0: not
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// All tokens in each sixth layer, N in the others.
template <index_type N> constexpr index_type windows_but_each_sixth(index_type layer) { return layer % 6 == 5 ? 0 : N; }

namespace detail {
/// Layers with a window have the first table of rotations, the others the second.
template <class Windows> constexpr index_type table_by_window(index_type layer) {
  return Windows::of(layer) > 0 ? 0 : 1;
}
}  // namespace detail

/// Gemma 3 for text (Gemma Team 2025, arXiv:2503.19786, §2): Gemma 2 with norms of queries and keys in place of the soft
/// caps. Five layers of six see a window, and rotate with a smaller θ than the sixth.
///
/// From the published code and configurations: the window, both θ, the divisor of scores and ε. `Scaling` is that of the
/// layers that see all tokens. Tensor names are those of Hugging Face's Gemma3ForCausalLM.
template <gemma3_text_config C, class Function = gelu_tanh,
          class Windows = sliding_windows<windows_but_each_sixth<512>>, class Scaling = position_divisor<1.0>>
struct gemma3_text
    : detail::decoder_stack<
          C,
          rotary_positions_of_layers<detail::table_by_window<Windows>,
                                     detail::rotation<C, position_divisor<1.0>, half_split_pairs, C.local_theta>,
                                     detail::rotation<C, Scaling>>,
          both_norms_block<detail::grouped_attention<C, detail::bias_if<C.attention_bias>, Windows,
                                                     score_scale<1 / math::sqrt(C.scores_over_root_of)>,
                                                     query_key_norm<rms_norm<epsilon<C.epsilon>, unit_offset>>>,
                           gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>, unit_offset>>,
          rms_norm<epsilon<C.epsilon>, unit_offset>, detail::capped_head_of<C>, scaled_embedding<>> {
  static constexpr gemma3_text_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::output_norm_stack_names, C.tied);
};

}  // namespace typeformer
