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

/// The numbers of a Mistral; the defaults are Mistral 7B (Jiang et al. 2023, arXiv:2310.06825, table 1).
struct mistral_config {
  index_type layers = 32, width = 4096, heads = 32;
  index_type key_value_heads = 8;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 14336, vocabulary = 32000, context = 32768;
  double theta = 10000, epsilon = 1e-5;
  bool tied = false;
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Mistral (Jiang et al. 2023, arXiv:2310.06825, §2): Llama with grouped queries, whose layers see the last 4096 tokens.
///
/// From the published code and configurations: the context, θ and ε. Tensor names are those of Hugging Face's
/// MistralForCausalLM.
template <mistral_config C, class Function = silu, class Windows = sliding_window<4096>,
          class Scaling = position_divisor<1.0>>
struct mistral
    : detail::decoder_stack<C, detail::rotation<C, Scaling>,
                            pre_norm_block<detail::grouped_attention<C, without_bias, Windows>,
                                           gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr mistral_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
