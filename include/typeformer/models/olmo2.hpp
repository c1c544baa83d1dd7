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
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an OLMo 2; the defaults are OLMo 2 1B (Team OLMo 2024, arXiv:2501.00656).
struct olmo2_config {
  index_type layers = 16, width = 2048, heads = 16;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 8192, vocabulary = 100352, context = 4096;
  double theta = 500000, epsilon = 1e-6;
  bool tied = false;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// OLMo 2 (Team OLMo 2024, arXiv:2501.00656, §2.1): Llama whose branches are normalized at their end, not at their
/// beginning, and whose queries and keys are normalized over all heads together.
///
/// From the published code and configurations: θ, ε. Tensor names are those of Hugging Face's Olmo2ForCausalLM.
template <olmo2_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct olmo2
    : detail::decoder_stack<C, detail::rotation<C, Scaling>,
                            output_norm_block<detail::grouped_attention<
                                                  C, detail::bias_if<C.attention_bias>,
                                                  query_key_norm<rms_norm<epsilon<C.epsilon>>, over_the_projection>>,
                                              gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr olmo2_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::output_norm_stack_names, C.tied);
};

}  // namespace typeformer
