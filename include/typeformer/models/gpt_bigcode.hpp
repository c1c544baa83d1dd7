// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a GPT-BigCode; the defaults are SantaCoder 1.1B (Ben Allal et al. 2023, arXiv:2301.03988, table 2).
struct gpt_bigcode_config {
  index_type layers = 24, width = 2048, heads = 16;
  index_type key_value_heads = 1;  ///< 0: as many as heads
  index_type hidden = 0;           ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 49280, context = 2048;
  double epsilon = 1e-5;
  bool scales_scores = true;       ///< by 1 / √(width / heads)
  bool tied = true;                ///< the head is the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
/// Queries, then keys and values, of one group of heads after the other.
template <gpt_bigcode_config C>
inline constexpr std::array gpt_bigcode_names{
    file_tensor_rule{"transformer.wte.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"transformer.wpe.weight", file_layout::as_is, {"position_embedding.weight"}},
    file_tensor_rule{"transformer.h.*.ln_1.", file_layout::as_is, {"blocks.*.attention_norm."}},
    file_tensor_rule{"transformer.h.*.attn.c_attn.",
                     file_layout::as_is,
                     {"blocks.*.attention.query.", "blocks.*.attention.key.", "blocks.*.attention.value."},
                     key_value_heads_of<C>()},
    file_tensor_rule{"transformer.h.*.attn.c_proj.", file_layout::as_is, {"blocks.*.attention.output."}},
    file_tensor_rule{"transformer.h.*.ln_2.", file_layout::as_is, {"blocks.*.feed_forward_norm."}},
    file_tensor_rule{"transformer.h.*.mlp.c_fc.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"transformer.h.*.mlp.c_proj.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    file_tensor_rule{"transformer.ln_f.", file_layout::as_is, {"final_norm."}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};
}  // namespace detail

/// SantaCoder and StarCoder (Ben Allal et al. 2023, arXiv:2301.03988, §4.1; Li et al. 2023, arXiv:2305.06161, §5.2):
/// GPT-2 with one head of keys and values for all queries.
///
/// From the published code and configurations: GELU by tanh, ε, the tied head. Tensor names are those of Hugging Face's
/// GPTBigCodeForCausalLM.
template <gpt_bigcode_config C, class Function = gelu_tanh>
struct gpt_bigcode
    : detail::decoder_stack<
          C, learned_positions<context<C.context>>,
          pre_norm_block<
              detail::grouped_attention<
                  C, score_scale<C.scales_scores ? 1 / math::sqrt(double(detail::head_width_of<C>())) : 1.0>>,
              feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>, layer_norm<epsilon<C.epsilon>>>,
          layer_norm<epsilon<C.epsilon>>> {
  static constexpr gpt_bigcode_config config = C;
  static constexpr file_names huggingface = [] {
    file_names names = detail::names_of_decoder(detail::gpt_bigcode_names<C>, C.tied, "transformer.");
    names.ignored = {"transformer.h.*.attn.bias", "transformer.h.*.attn.masked_bias"};
    return names;
  }();
};

}  // namespace typeformer
