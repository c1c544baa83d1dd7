// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a StarCoder2; the defaults are StarCoder2 3B (Lozhkov et al. 2024, arXiv:2402.19173, table 6).
struct starcoder2_config {
  index_type layers = 30, width = 3072, heads = 24;
  index_type key_value_heads = 2;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 12288, vocabulary = 49152, context = 16384;
  double theta = 100000, epsilon = 1e-5;
  bool tied = true;
  bool has_bias = true;            ///< of all projections
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
inline constexpr auto starcoder2_names = joined_tables(
    llama_stack_names, llama_attention_names, llama_norm_names,
    std::array{file_tensor_rule{"model.layers.*.mlp.c_fc.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
               file_tensor_rule{"model.layers.*.mlp.c_proj.", file_layout::as_is, {"blocks.*.feed_forward.down."}}});
}  // namespace detail

/// StarCoder2 (Lozhkov et al. 2024, arXiv:2402.19173, §6): pre-norm blocks with LayerNorm and GELU, grouped queries,
/// rotary positions, biases, and layers that see the last 4096 tokens.
///
/// From the published code and configurations: GELU by tanh, ε, the tied head. Tensor names are those of Hugging Face's
/// Starcoder2ForCausalLM.
template <starcoder2_config C, class Function = gelu_tanh, class Windows = sliding_window<4096>,
          class Scaling = position_divisor<1.0>>
struct starcoder2
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling>,
          pre_norm_block<detail::grouped_attention<C, detail::bias_if<C.has_bias>, Windows>,
                         feed_forward<C.hidden, Function, detail::bias_if<C.has_bias>>, layer_norm<epsilon<C.epsilon>>>,
          layer_norm<epsilon<C.epsilon>>> {
  static constexpr starcoder2_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::starcoder2_names, C.tied);
};

}  // namespace typeformer
