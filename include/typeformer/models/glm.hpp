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
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a GLM-4; the defaults are GLM-4 9B (Team GLM 2024, arXiv:2406.12793).
struct glm_config {
  index_type layers = 40, width = 4096, heads = 32;
  index_type key_value_heads = 2;  ///< 0: as many as heads
  index_type head_width = 128;     ///< 0: width / heads
  index_type rotary_width = 64;    ///< columns of a head that are rotated; 0: all
  index_type hidden = 13696, vocabulary = 151552, context = 131072;
  double theta = 10000, epsilon = 1.5625e-7;
  bool tied = false;
  bool attention_bias = true;      ///< biases of queries, keys and values
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
inline constexpr auto glm_names =
    joined_tables(llama_stack_names, llama_attention_names, llama_norm_names, fused_gate_names);
}  // namespace detail

/// GLM-4 (Team GLM 2024, arXiv:2406.12793, §2): Llama without biases but those of queries, keys and values, where half of
/// each head is rotated, in adjacent pairs of columns.
///
/// From the published code and configurations: θ, ε, gate and value in one tensor. Tensor names are those of Hugging
/// Face's GlmForCausalLM.
template <glm_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct glm : detail::decoder_stack<C, detail::rotation<C, Scaling, adjacent_pairs>,
                                   pre_norm_block<detail::grouped_attention<C, detail::input_bias_if<C.attention_bias>>,
                                                  gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>,
                                   rms_norm<epsilon<C.epsilon>>> {
  static constexpr glm_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::glm_names, C.tied);
};

}  // namespace typeformer
