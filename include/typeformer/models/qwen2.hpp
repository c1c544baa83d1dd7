// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Qwen2; the defaults are Qwen2.5 0.5B (Qwen Team 2024, arXiv:2412.15115, table 1).
struct qwen2_config {
  index_type layers = 24, width = 896, heads = 14;
  index_type key_value_heads = 2;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 4864, vocabulary = 151936, context = 32768;
  double theta = 1e6, epsilon = 1e-6;
  bool tied = true;
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Qwen2 and Qwen2.5 (Yang et al. 2024, arXiv:2407.10671, §2.2.1): Llama with biases of queries, keys and values.
///
/// From the published code and configurations: θ, ε, the tied head of the small models, and windows, which no published
/// model uses. Tensor names are those of Hugging Face's Qwen2ForCausalLM.
template <qwen2_config C, class Function = silu, class Windows = no_window, class Scaling = position_divisor<1.0>>
struct qwen2
    : detail::decoder_stack<C, detail::rotation<C, Scaling>,
                            pre_norm_block<detail::grouped_attention<C, without_output_bias, Windows>,
                                           gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr qwen2_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
