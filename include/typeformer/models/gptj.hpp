// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a GPT-J; the defaults are GPT-J 6B (Wang, Komatsuzaki 2021, "GPT-J-6B").
struct gptj_config {
  index_type layers = 28, width = 4096, heads = 16;
  index_type rotary_width = 64;  ///< columns of a head that are rotated; 0: all
  index_type hidden = 0;         ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 50400, context = 2048;
  double theta = 10000, epsilon = 1e-5;
  bool tied = false;
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
inline constexpr std::array gptj_names{
    file_tensor_rule{"transformer.wte.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"transformer.h.*.attn.q_proj.weight", file_layout::as_is, {"blocks.*.attention.query.weight"}},
    file_tensor_rule{"transformer.h.*.attn.k_proj.weight", file_layout::as_is, {"blocks.*.attention.key.weight"}},
    file_tensor_rule{"transformer.h.*.attn.v_proj.weight", file_layout::as_is, {"blocks.*.attention.value.weight"}},
    file_tensor_rule{"transformer.h.*.attn.out_proj.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    file_tensor_rule{"transformer.h.*.mlp.fc_in.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"transformer.h.*.mlp.fc_out.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    file_tensor_rule{"transformer.h.*.ln_1.", file_layout::as_is, {"blocks.*.norm."}},
    file_tensor_rule{"transformer.ln_f.", file_layout::as_is, {"final_norm."}},
    file_tensor_rule{"lm_head.", file_layout::as_is, {"head."}},
};
}  // namespace detail

/// GPT-J (Wang, Komatsuzaki 2021, "GPT-J-6B"): GPT-3 with parallel branches that read one norm, no biases in attention,
/// and rotary positions of adjacent pairs in a quarter of each head.
///
/// From the published code and configurations: GELU by tanh, θ, ε, a head with a bias. Tensor names are those of Hugging
/// Face's GPTJForCausalLM.
template <gptj_config C, class Function = gelu_tanh>
struct gptj
    : detail::decoder_stack<
          C, detail::rotation<C, position_divisor<1.0>, adjacent_pairs>,
          parallel_block<detail::grouped_attention<C, without_bias>,
                         feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>, layer_norm<epsilon<C.epsilon>>>,
          layer_norm<epsilon<C.epsilon>>, head_with_bias<detail::head_of<C>>> {
  static constexpr gptj_config config = C;
  static constexpr file_names huggingface = [] {
    file_names names = detail::names_of_decoder(detail::gptj_names, C.tied, "transformer.");
    names.ignored = {"transformer.h.*.attn.bias", "transformer.h.*.attn.masked_bias"};
    return names;
  }();
};

}  // namespace typeformer
