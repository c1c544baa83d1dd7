// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a BLOOM; the defaults are BLOOM 176B (Le Scao et al. 2022, arXiv:2211.05100, table 3).
struct bloom_config {
  index_type layers = 70, width = 14336, heads = 112;
  index_type vocabulary = 250880, context = 2048;
  double epsilon = 1e-5;
  bool adds_to_the_norm = false;  ///< branches are added to the normalized stream (`apply_residual_connection_post_…`)
  bool tied = true;               ///< the head is the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

/// Queries, keys and values alternate, head by head.
template <bloom_config C>
inline constexpr std::array bloom_names{
    file_tensor_rule{"transformer.word_embeddings.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"transformer.word_embeddings_layernorm.", file_layout::as_is, {"embedding_norm."}},
    file_tensor_rule{"transformer.h.*.input_layernorm.", file_layout::as_is, {"blocks.*.attention_norm."}},
    file_tensor_rule{"transformer.h.*.self_attention.query_key_value.",
                     file_layout::as_is,
                     {"blocks.*.attention.query.", "blocks.*.attention.key.", "blocks.*.attention.value."},
                     C.heads},
    file_tensor_rule{"transformer.h.*.self_attention.dense.", file_layout::as_is, {"blocks.*.attention.output."}},
    file_tensor_rule{"transformer.h.*.post_attention_layernorm.", file_layout::as_is, {"blocks.*.feed_forward_norm."}},
    file_tensor_rule{"transformer.h.*.mlp.dense_h_to_4h.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"transformer.h.*.mlp.dense_4h_to_h.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    file_tensor_rule{"transformer.ln_f.", file_layout::as_is, {"final_norm."}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

/// h = norm(x), h + attention(h), then the same with the feed-forward.
template <class Attention, class FeedForward, class Norm>
using normed_stream_block = sequential<named<"attention_norm", Norm>, residual<named<"attention", Attention>>,
                                       named<"feed_forward_norm", Norm>, residual<named<"feed_forward", FeedForward>>>;

}  // namespace detail

/// BLOOM (Le Scao et al. 2022, arXiv:2211.05100, §3.2.2): GPT-2 with ALiBi in place of learned positions, and a norm after
/// the embedding. Its texts may be of any length; `context` is the longest that a session holds.
///
/// From the published code and configurations: GELU by tanh, a feed-forward of four widths, ε, the tied head. Tensor names
/// are those of Hugging Face's BloomForCausalLM.
template <bloom_config C, class Function = gelu_tanh>
struct bloom
    : detail::decoder_stack<
          C, alibi_positions<context<C.context>, heads<C.heads>>,
          std::conditional_t<
              C.adds_to_the_norm,
              detail::normed_stream_block<detail::grouped_attention<C>, feed_forward<4 * C.width, Function>,
                                          layer_norm<epsilon<C.epsilon>>>,
              pre_norm_block<detail::grouped_attention<C>, feed_forward<4 * C.width, Function>,
                             layer_norm<epsilon<C.epsilon>>>>,
          layer_norm<epsilon<C.epsilon>>, detail::head_of<C>, named<"embedding_norm", layer_norm<epsilon<C.epsilon>>>> {
  static constexpr bloom_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::bloom_names<C>, C.tied, "transformer.");
};

}  // namespace typeformer
