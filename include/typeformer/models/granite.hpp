// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/multiplied.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/scaled_embedding.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Granite; the defaults are Granite 3.0 2B (Granite Team 2024, "Granite 3.0 Language Models").
struct granite_config {
  index_type layers = 40, width = 2048, heads = 32;
  index_type key_value_heads = 8;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 8192, vocabulary = 49155, context = 4096;
  double theta = 10000, epsilon = 1e-5;
  double embedding_multiplier = 12, attention_multiplier = 0.015625, residual_multiplier = 0.22;
  double logits_scaling = 8;  ///< the logits are divided by it
  bool tied = true;
  bool attention_bias = false;     ///< biases of the four projections of attention
  bool mlp_bias = false;           ///< biases of the feed-forward
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

/// x + f · attention(norm(x)), then the same with the feed-forward.
template <class Attention, class FeedForward, class Norm, number F>
using multiplied_branches =
    sequential<residual<named<"attention_norm", Norm>, named<"attention", Attention>, multiplied<F>>,
               residual<named<"feed_forward_norm", Norm>, named<"feed_forward", FeedForward>, multiplied<F>>>;

}  // namespace detail

/// Granite (Granite Team 2024, "Granite 3.0 Language Models", §2): Llama with four factors, of the embedding, the scores,
/// the branches and the logits (Yang et al. 2022, arXiv:2203.03466).
///
/// From the published code and configurations: the factors, θ, ε, the tied head. Tensor names are those of Hugging Face's
/// GraniteForCausalLM.
template <granite_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct granite
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling>,
          detail::multiplied_branches<
              detail::grouped_attention<C, detail::bias_if<C.attention_bias>, score_scale<C.attention_multiplier>>,
              gated_feed_forward<C.hidden, Function, detail::bias_if<C.mlp_bias>>, rms_norm<epsilon<C.epsilon>>,
              C.residual_multiplier>,
          rms_norm<epsilon<C.epsilon>>, scaled_logits<detail::head_of<C>, 1 / C.logits_scaling>,
          scaled_embedding<scale_factor<C.embedding_multiplier>>> {
  static constexpr granite_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::llama_names, C.tied);
};

}  // namespace typeformer
