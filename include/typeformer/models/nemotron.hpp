// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/activations/squared_relu.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Nemotron; the defaults are Nemotron-4 15B (Parmar et al. 2024, arXiv:2402.16819, table 1).
struct nemotron_config {
  index_type layers = 32, width = 6144, heads = 48;
  index_type key_value_heads = 8;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type rotary_width = 64;    ///< columns of a head that are rotated; 0: all
  index_type hidden = 24576, vocabulary = 256000, context = 4096;
  double theta = 10000, epsilon = 1e-5;
  bool tied = false;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool mlp_bias = false;           ///< biases of the feed-forward
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Nemotron-4 (Parmar et al. 2024, arXiv:2402.16819, §2): pre-norm blocks with LayerNorm, a feed-forward without gate
/// whose function is the squared ReLU, grouped queries, and rotary positions.
///
/// From the published code and configurations: norms multiply by 1 + weight, half of each head is rotated, θ, ε. Tensor
/// names are those of Hugging Face's NemotronForCausalLM.
template <nemotron_config C, class Function = squared_relu, class Scaling = position_divisor<1.0>>
struct nemotron : detail::decoder_stack<C, detail::rotation<C, Scaling>,
                                        pre_norm_block<detail::grouped_attention<C, detail::bias_if<C.attention_bias>>,
                                                       feed_forward<C.hidden, Function, detail::bias_if<C.mlp_bias>>,
                                                       layer_norm<epsilon<C.epsilon>, unit_offset>>,
                                        layer_norm<epsilon<C.epsilon>, unit_offset>> {
  static constexpr nemotron_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
