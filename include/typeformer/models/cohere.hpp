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
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Command R; the defaults are Command R 35B (Cohere 2024).
struct cohere_config {
  index_type layers = 40, width = 8192, heads = 64;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 22528, vocabulary = 256000, context = 8192;
  double theta = 500000, epsilon = 1e-5;
  double logit_scale = 0.0625;
  bool norms_queries_and_keys = false;  ///< each head with a weight of its own
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
/// A row for each head of the norms' weights.
template <cohere_config C>
inline constexpr auto cohere_names = joined_tables(
    llama_stack_names, llama_attention_names, llama_norm_names, llama_feed_forward_names,
    std::array{where_present(in_shape("model.layers.*.self_attn.q_norm.weight", "blocks.*.attention.query_norm.weight",
                                      {C.heads, head_width_of<C>()})),
               where_present(in_shape("model.layers.*.self_attn.k_norm.weight", "blocks.*.attention.key_norm.weight",
                                      {key_value_heads_of<C>(), head_width_of<C>()}))});
}  // namespace detail

/// Command R (Cohere 2024): parallel branches that read one LayerNorm without bias, SwiGLU, rotary positions of adjacent
/// pairs of columns, a tied head whose logits are scaled.
///
/// From the published code and configurations: all of it. Tensor names are those of Hugging Face's CohereForCausalLM.
template <cohere_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct cohere
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling, adjacent_pairs>,
          parallel_block<
              detail::grouped_attention<
                  C, detail::bias_if<C.attention_bias>,
                  std::conditional_t<C.norms_queries_and_keys,
                                     query_key_norm<layer_norm<epsilon<C.epsilon>, without_bias>, own_weights_of_heads>,
                                     without_query_key_norm>>,
              gated_feed_forward<C.hidden, Function>, layer_norm<epsilon<C.epsilon>, without_bias>>,
          layer_norm<epsilon<C.epsilon>, without_bias>, scaled_logits<detail::head_of<C>, C.logit_scale>> {
  static constexpr cohere_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::cohere_names<C>, C.tied);
};

}  // namespace typeformer
