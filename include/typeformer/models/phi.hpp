// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Phi; the defaults are Phi-2 (Javaheripi, Bubeck 2023, "Phi-2: The surprising power of small language
/// models").
struct phi_config {
  index_type layers = 32, width = 2560, heads = 32;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type rotary_width = 32;    ///< columns of a head that are rotated; 0: all
  index_type hidden = 10240, vocabulary = 51200, context = 2048;
  double theta = 10000, epsilon = 1e-5;
  bool norms_queries_and_keys = false;
  bool tied = false;
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
inline constexpr std::array phi_names{
    file_tensor_rule{"model.embed_tokens.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"model.layers.*.self_attn.q_proj.", file_layout::as_is, {"blocks.*.attention.query."}},
    file_tensor_rule{"model.layers.*.self_attn.k_proj.", file_layout::as_is, {"blocks.*.attention.key."}},
    file_tensor_rule{"model.layers.*.self_attn.v_proj.", file_layout::as_is, {"blocks.*.attention.value."}},
    file_tensor_rule{"model.layers.*.self_attn.dense.", file_layout::as_is, {"blocks.*.attention.output."}},
    where_present({"model.layers.*.self_attn.q_layernorm.", file_layout::as_is, {"blocks.*.attention.query_norm."}}),
    where_present({"model.layers.*.self_attn.k_layernorm.", file_layout::as_is, {"blocks.*.attention.key_norm."}}),
    file_tensor_rule{"model.layers.*.mlp.fc1.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"model.layers.*.mlp.fc2.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    file_tensor_rule{"model.layers.*.input_layernorm.", file_layout::as_is, {"blocks.*.norm."}},
    file_tensor_rule{"model.final_layernorm.", file_layout::as_is, {"final_norm."}},
    file_tensor_rule{"lm_head.", file_layout::as_is, {"head."}},
};
}  // namespace detail

/// Phi-1.5 and Phi-2 (Li et al. 2023, arXiv:2309.05463, §2): parallel branches that read one LayerNorm, biases
/// everywhere, also in the head, and rotary positions in a part of each head.
///
/// From the published code and configurations: the parallel branches, GELU by tanh, θ, ε. Tensor names are those of
/// Hugging Face's PhiForCausalLM.
template <phi_config C, class Function = gelu_tanh, class Scaling = position_divisor<1.0>>
struct phi
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling>,
          parallel_block<detail::grouped_attention<C, with_bias,
                                                   std::conditional_t<C.norms_queries_and_keys,
                                                                      query_key_norm<layer_norm<epsilon<C.epsilon>>>,
                                                                      without_query_key_norm>>,
                         feed_forward<C.hidden, Function>, layer_norm<epsilon<C.epsilon>>>,
          layer_norm<epsilon<C.epsilon>>, head_with_bias<detail::head_of<C>>> {
  static constexpr phi_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::phi_names, C.tied);
};

}  // namespace typeformer
