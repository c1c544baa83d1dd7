// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

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

/// The numbers of a Phi-3; the defaults are Phi-3 mini 4K (Abdin et al. 2024, arXiv:2404.14219, §2).
struct phi3_config {
  index_type layers = 32, width = 3072, heads = 32;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type rotary_width = 0;     ///< columns of a head that are rotated; 0: all
  index_type hidden = 8192, vocabulary = 32064, context = 4096;
  double theta = 10000, epsilon = 1e-5;
  bool tied = false;
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
inline constexpr auto phi3_names = joined_tables(
    llama_stack_names, llama_norm_names, fused_gate_names,
    std::array{
        file_tensor_rule{"model.layers.*.self_attn.qkv_proj.",
                         file_layout::as_is,
                         {"blocks.*.attention.query.", "blocks.*.attention.key.", "blocks.*.attention.value."}},
        file_tensor_rule{"model.layers.*.self_attn.o_proj.", file_layout::as_is, {"blocks.*.attention.output."}}});
}  // namespace detail

/// Phi-3 (Abdin et al. 2024, arXiv:2404.14219, §2): Llama whose layers see the last 2047 tokens.
///
/// From the published code and configurations: the window, θ, ε, queries, keys and values in one tensor, gate and value
/// in another. Tensor names are those of Hugging Face's Phi3ForCausalLM.
template <phi3_config C, class Function = silu, class Windows = sliding_window<2047>,
          class Scaling = position_divisor<1.0>>
struct phi3
    : detail::decoder_stack<C, detail::rotation<C, Scaling>,
                            pre_norm_block<detail::grouped_attention<C, without_bias, Windows>,
                                           gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>,
                            rms_norm<epsilon<C.epsilon>>> {
  static constexpr phi3_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::phi3_names, C.tied);
};

}  // namespace typeformer
