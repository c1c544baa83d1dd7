// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Gemma; the defaults are Gemma 2B (Gemma Team 2024, arXiv:2403.08295, table 1).
struct gemma_config {
  index_type layers = 18, width = 2048, heads = 8;
  index_type key_value_heads = 1;  ///< 0: as many as heads
  index_type head_width = 256;     ///< 0: width / heads
  index_type hidden = 16384, vocabulary = 256000, context = 8192;
  double theta = 10000, epsilon = 1e-6;
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Gemma (Gemma Team 2024, arXiv:2403.08295, §2): Llama with GEGLU, a tied head, and heads whose width is not width /
/// heads.
///
/// From the published code and configurations: the embedding is multiplied by √width, norms multiply by 1 + weight, θ
/// and ε. Tensor names are those of Hugging Face's GemmaForCausalLM.
template <gemma_config C, class Function = gelu_tanh, class Scaling = position_divisor<1.0>>
struct gemma : detail::decoder_stack<
                   C, detail::rotation<C, Scaling>,
                   pre_norm_block<detail::grouped_attention<C, detail::bias_if<C.attention_bias>>,
                                  gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>, unit_offset>>,
                   rms_norm<epsilon<C.epsilon>, unit_offset>, detail::head_of<C>, scaled_embedding<>> {
  static constexpr gemma_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
