// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/clipping.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an OLMo; the defaults are OLMo 7B (Groeneveld et al. 2024, arXiv:2402.00838, table 1).
struct olmo_config {
  index_type layers = 32, width = 4096, heads = 32;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 11008, vocabulary = 50304, context = 2048;
  double theta = 10000;
  double largest_projection = 0;  ///< queries, keys and values are clamped to ± this number; 0: not
  bool tied = false;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// OLMo (Groeneveld et al. 2024, arXiv:2402.00838, §2.1): Llama with norms that have no parameters.
///
/// From the published code and configurations: θ, ε of the norms, clamped queries, keys and values of the 7B that was
/// trained first. Tensor names are those of Hugging Face's OlmoForCausalLM.
template <olmo_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct olmo
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling>,
          pre_norm_block<detail::grouped_attention<C, detail::clipping_of<C>, detail::bias_if<C.attention_bias>>,
                         gated_feed_forward<C.hidden, Function>, layer_norm<without_weight>>,
          layer_norm<without_weight>> {
  static constexpr olmo_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
