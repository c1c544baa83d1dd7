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
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a StableLM; the defaults are StableLM 3B 4E1T (Tow et al. 2023).
struct stablelm_config {
  index_type layers = 32, width = 2560, heads = 32;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type rotary_width = 20;    ///< columns of a head that are rotated; 0: all
  index_type hidden = 6912, vocabulary = 50304, context = 4096;
  double theta = 10000, epsilon = 1e-5;
  bool tied = false;
  bool query_key_value_bias = false;    ///< no other projection has a bias
  bool norms_queries_and_keys = false;  ///< each head with a weight of its own
  bool parallel = false;                ///< both branches read one norm
  bool recomputes_blocks = false;       ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

/// Each head's norm is a tensor of its own.
template <stablelm_config C>
inline constexpr auto stablelm_names = joined_tables(
    llama_stack_names, llama_attention_names, llama_norm_names, llama_feed_forward_names,
    std::array{where_present(in_pieces("model.layers.*.self_attn.q_layernorm.norms.#.weight", file_layout::as_is,
                                       {"blocks.*.attention.query_norm.weight"}, C.heads)),
               where_present(in_pieces("model.layers.*.self_attn.k_layernorm.norms.#.weight", file_layout::as_is,
                                       {"blocks.*.attention.key_norm.weight"}, key_value_heads_of<C>()))});

template <stablelm_config C>
using stablelm_attention = grouped_attention<
    C, input_bias_if<C.query_key_value_bias>,
    std::conditional_t<C.norms_queries_and_keys,
                       query_key_norm<layer_norm<epsilon<C.epsilon>, without_bias>, own_weights_of_heads>,
                       without_query_key_norm>>;

}  // namespace detail

/// StableLM (Bellagente et al. 2024, arXiv:2402.17834, §3.1): Llama with LayerNorm and a partial rotation; in larger
/// models parallel branches, and norms of queries and keys.
///
/// From the published code and configurations: θ, ε, biases of queries, keys and values. Tensor names are those of
/// Hugging Face's StableLmForCausalLM.
template <stablelm_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct stablelm
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling>,
          std::conditional_t<C.parallel,
                             parallel_block<detail::stablelm_attention<C>, gated_feed_forward<C.hidden, Function>,
                                            layer_norm<epsilon<C.epsilon>>>,
                             pre_norm_block<detail::stablelm_attention<C>, gated_feed_forward<C.hidden, Function>,
                                            layer_norm<epsilon<C.epsilon>>>>,
          layer_norm<epsilon<C.epsilon>>> {
  static constexpr stablelm_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::stablelm_names<C>, C.tied);
};

}  // namespace typeformer
