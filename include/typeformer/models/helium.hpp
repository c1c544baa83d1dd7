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

/// The numbers of a Helium; the defaults are Helium 1 preview 2B (Kyutai 2025).
struct helium_config {
  index_type layers = 24, width = 2560, heads = 20;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 128;     ///< 0: width / heads
  index_type hidden = 7040, vocabulary = 48000, context = 4096;
  double theta = 100000, epsilon = 1e-8;
  bool tied = false;
  bool attention_bias = false;     ///< biases of queries, keys and values
  bool mlp_bias = false;           ///< biases of the feed-forward
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Helium (Kyutai 2025, Helium 1): Llama that rotates adjacent pairs of columns.
///
/// From the published code and configurations: all of it. Tensor names are those of Hugging Face's HeliumForCausalLM.
template <helium_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct helium
    : detail::decoder_stack<C, detail::rotation<C, Scaling, adjacent_pairs>,
                            pre_norm_block<detail::grouped_attention<C, detail::input_bias_if<C.attention_bias>>,
                                           gated_feed_forward<C.hidden, Function, detail::bias_if<C.mlp_bias>>,
                                           rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr helium_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
