// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Qwen3; the defaults are Qwen3 0.6B (Qwen Team 2025, arXiv:2505.09388, table 1).
struct qwen3_config {
  index_type layers = 28, width = 1024, heads = 16;
  index_type key_value_heads = 8;  ///< 0: as many as heads
  index_type head_width = 128;     ///< 0: width / heads
  index_type hidden = 3072, vocabulary = 151936, context = 40960;
  double theta = 1e6, epsilon = 1e-6;
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Qwen3 (Qwen Team 2025, arXiv:2505.09388, §2): Qwen2 without biases, whose queries and keys are normalized in each
/// head before the rotation.
///
/// From the published code and configurations: a width of the heads that is not width / heads, θ, ε, the tied head of
/// the small models. Tensor names are those of Hugging Face's Qwen3ForCausalLM.
template <qwen3_config C, class Function = silu, class Windows = no_window, class Scaling = position_divisor<1.0>>
struct qwen3
    : detail::decoder_stack<C, detail::rotation<C, Scaling>,
                            pre_norm_block<detail::grouped_attention<C, detail::bias_if<C.attention_bias>, Windows,
                                                                     query_key_norm<rms_norm<epsilon<C.epsilon>>>>,
                                           gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr qwen3_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
