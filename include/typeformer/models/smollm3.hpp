// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/rotary_positions_of_layers.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/models/listed_rotary_tables.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a SmolLM3; the defaults are the published 3B (Bakouch et al. 2025, "SmolLM3").
struct smollm3_config {
  index_type layers = 36, width = 2048, heads = 16;
  index_type key_value_heads = 4;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 11008, vocabulary = 128256, context = 65536;
  double theta = 5e6, epsilon = 1e-6;
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool mlp_bias = false;           ///< biases of the feed-forward
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Table 0 of rotary positions in three layers of four; the fourth, eighth, … do not rotate.
constexpr index_type rotated_but_each_fourth(index_type layer) { return layer % 4 == 3 ? -1 : 0; }

/// SmolLM3 (Bakouch et al. 2025, "SmolLM3"): Llama some of whose layers do not rotate queries and keys (Yang et al. 2025,
/// arXiv:2501.18795). `TableOf` gives 0 for a layer that does, -1 for one that does not.
///
/// From the published code and configurations: θ, ε, the tied head, and windows, which the published model does not use.
/// Tensor names are those of Hugging Face's SmolLM3ForCausalLM.
template <smollm3_config C, class Function = silu, index_type (*TableOf)(index_type) = rotated_but_each_fourth,
          class Windows = no_window, class Scaling = position_divisor<1.0>>
struct smollm3
    : detail::decoder_stack<C, rotary_positions_of_layers<TableOf, detail::rotation<C, Scaling>>,
                            pre_norm_block<detail::grouped_attention<C, detail::bias_if<C.attention_bias>, Windows>,
                                           gated_feed_forward<C.hidden, Function, detail::bias_if<C.mlp_bias>>,
                                           rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr smollm3_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
