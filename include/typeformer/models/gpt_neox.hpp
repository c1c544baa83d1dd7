// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a GPT-NeoX; the defaults are GPT-NeoX-20B (Black et al. 2022, arXiv:2204.06745, table 1).
struct gpt_neox_config {
  index_type layers = 44, width = 6144, heads = 64;
  index_type rotary_width = 24;  ///< columns of a head that are rotated; 0: all
  index_type hidden = 24576, vocabulary = 50432, context = 2048;
  double theta = 10000, epsilon = 1e-5;
  bool tied = false;
  bool attention_bias = true;      ///< biases of the four projections of attention
  bool parallel = true;            ///< both branches read the block's input, each with a norm of its own
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
/// Queries, keys and values alternate, head by head.
template <gpt_neox_config C>
inline constexpr std::array gpt_neox_names{
    file_tensor_rule{"gpt_neox.embed_in.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"gpt_neox.layers.*.attention.query_key_value.",
                     file_layout::as_is,
                     {"blocks.*.attention.query.", "blocks.*.attention.key.", "blocks.*.attention.value."},
                     C.heads},
    file_tensor_rule{"gpt_neox.layers.*.attention.dense.", file_layout::as_is, {"blocks.*.attention.output."}},
    file_tensor_rule{"gpt_neox.layers.*.mlp.dense_h_to_4h.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"gpt_neox.layers.*.mlp.dense_4h_to_h.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    file_tensor_rule{"gpt_neox.layers.*.input_layernorm.", file_layout::as_is, {"blocks.*.attention_norm."}},
    file_tensor_rule{
        "gpt_neox.layers.*.post_attention_layernorm.", file_layout::as_is, {"blocks.*.feed_forward_norm."}},
    file_tensor_rule{"gpt_neox.final_layer_norm.", file_layout::as_is, {"final_norm."}},
    where_present({"embed_out.weight", file_layout::as_is, {"head.weight"}}),
};

template <gpt_neox_config C> using gpt_neox_attention = grouped_attention<C, bias_if<C.attention_bias>>;
}  // namespace detail

/// GPT-NeoX and Pythia (Black et al. 2022, arXiv:2204.06745, §2.1; Biderman et al. 2023, arXiv:2304.01373, §2.1): GPT-3
/// with parallel branches, each with a norm of its own, and rotary positions in a quarter of each head.
///
/// From the published code and configurations: GELU by erf, θ, ε, a separate head. Tensor names are those of Hugging
/// Face's GPTNeoXForCausalLM.
template <gpt_neox_config C, class Function = gelu_erf, class Scaling = position_divisor<1.0>>
struct gpt_neox : detail::decoder_stack<
                      C, detail::rotation<C, Scaling>,
                      std::conditional_t<
                          C.parallel,
                          parallel_block_of_two_norms<detail::gpt_neox_attention<C>, feed_forward<C.hidden, Function>,
                                                      layer_norm<epsilon<C.epsilon>>>,
                          pre_norm_block<detail::gpt_neox_attention<C>, feed_forward<C.hidden, Function>,
                                         layer_norm<epsilon<C.epsilon>>>>,
                      layer_norm<epsilon<C.epsilon>>> {
  static constexpr gpt_neox_config config = C;
  static constexpr file_names huggingface = [] {
    file_names names = detail::names_of_decoder(detail::gpt_neox_names<C>, C.tied, "gpt_neox.", "embed_out.weight");
    names.ignored = {"gpt_neox.layers.*.attention.bias", "gpt_neox.layers.*.attention.masked_bias",
                     "gpt_neox.layers.*.attention.rotary_emb.inv_freq"};
    return names;
  }();
};

}  // namespace typeformer
