// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Falcon; the defaults are Falcon 7B (Almazrouei et al. 2023, arXiv:2311.16867, table 15).
struct falcon_config {
  index_type layers = 32, width = 4544, heads = 71;
  index_type key_value_heads = 1;  ///< 0: as many as heads
  index_type hidden = 0;           ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 65024, context = 2048;
  double theta = 10000, epsilon = 1e-5;
  index_type parallel_norms = 1;   ///< both branches read the block's input, by this number of norms; 0: in sequence
  bool has_alibi = false;          ///< in place of rotary positions
  bool has_bias = false;           ///< of all projections
  bool tied = true;                ///< the head is the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

/// The queries of a head of keys and values, then its keys and values, one such group after the other.
template <falcon_config C>
inline constexpr std::array falcon_names{
    file_tensor_rule{"transformer.word_embeddings.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"transformer.h.*.self_attention.query_key_value.",
                     file_layout::as_is,
                     {"blocks.*.attention.query.", "blocks.*.attention.key.", "blocks.*.attention.value."},
                     key_value_heads_of<C>()},
    file_tensor_rule{"transformer.h.*.self_attention.dense.", file_layout::as_is, {"blocks.*.attention.output."}},
    file_tensor_rule{"transformer.h.*.mlp.dense_h_to_4h.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"transformer.h.*.mlp.dense_4h_to_h.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    where_present({"transformer.h.*.input_layernorm.", file_layout::as_is, {"blocks.*.norm."}}),
    where_present({C.parallel_norms == 2 ? "transformer.h.*.ln_attn." : "transformer.h.*.input_layernorm.",
                   file_layout::as_is,
                   {"blocks.*.attention_norm."}}),
    where_present({C.parallel_norms == 2 ? "transformer.h.*.ln_mlp." : "transformer.h.*.post_attention_layernorm.",
                   file_layout::as_is,
                   {"blocks.*.feed_forward_norm."}}),
    file_tensor_rule{"transformer.ln_f.", file_layout::as_is, {"final_norm."}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

template <falcon_config C> using falcon_attention = grouped_attention<C, bias_if<C.has_bias>>;
template <falcon_config C, class Function>
using falcon_feed_forward = feed_forward<C.hidden ? C.hidden : 4 * C.width, Function, bias_if<C.has_bias>>;

template <falcon_config C, class Function, class Norm>
using falcon_block = std::conditional_t<
    C.parallel_norms == 0, pre_norm_block<falcon_attention<C>, falcon_feed_forward<C, Function>, Norm>,
    std::conditional_t<C.parallel_norms == 1,
                       parallel_block<falcon_attention<C>, falcon_feed_forward<C, Function>, Norm>,
                       parallel_block_of_two_norms<falcon_attention<C>, falcon_feed_forward<C, Function>, Norm>>>;

/// The biases are scaled with the scores.
template <falcon_config C, class Scaling>
using falcon_positions = std::conditional_t<
    C.has_alibi,
    alibi_positions<context<C.context>, heads<C.heads>, slope_factor<1 / math::sqrt(double(head_width_of<C>()))>>,
    rotation<C, Scaling>>;

}  // namespace detail

/// Falcon (Almazrouei et al. 2023, arXiv:2311.16867, §4): parallel branches that read one norm, in larger models two,
/// keys and values of one head or of few, rotary positions, no biases but in norms. The models of RefinedWeb have ALiBi,
/// biases, and branches in sequence (Penedo et al. 2023, arXiv:2306.01116).
///
/// From the published code and configurations: GELU by erf, θ, ε, the tied head. Tensor names are those of Hugging Face's
/// FalconForCausalLM.
template <falcon_config C, class Function = gelu_erf, class Scaling = position_divisor<1.0>>
struct falcon : detail::decoder_stack<C, detail::falcon_positions<C, Scaling>,
                                      detail::falcon_block<C, Function, layer_norm<epsilon<C.epsilon>>>,
                                      layer_norm<epsilon<C.epsilon>>> {
  static constexpr falcon_config config = C;
  static constexpr file_names huggingface = [] {
    file_names names = detail::names_of_decoder(detail::falcon_names<C>, C.tied, "transformer.");
    names.ignored = {"transformer.h.*.self_attention.rotary.inv_freq",
                     "transformer.h.*.self_attention.maybe_rotary.inv_freq",
                     "transformer.h.*.self_attention.rotary_emb.inv_freq"};
    return names;
  }();
};

}  // namespace typeformer
