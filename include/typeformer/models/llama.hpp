// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Llama; the defaults are LLaMA 7B (Touvron et al. 2023, arXiv:2302.13971, table 2).
struct llama_config {
  index_type layers = 32, width = 4096, heads = 32;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type hidden = 11008, vocabulary = 32000, context = 2048;
  double theta = 10000, epsilon = 1e-6;
  double position_divisor = 1;  ///< `factor` of a linear `rope_scaling`
  bool tied = false;
  bool attention_bias = false;        ///< biases of the four projections of attention
  bool turns_adjacent_pairs = false;  ///< llama2.c's order of query and key columns; Hugging Face's is half-split
  bool recomputes_blocks = false;     ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule llama_tensors[] = {
    {"model.embed_tokens.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"model.layers.*.self_attn.q_proj.weight", file_layout::as_is, {"blocks.*.attention.query.weight"}},
    {"model.layers.*.self_attn.k_proj.weight", file_layout::as_is, {"blocks.*.attention.key.weight"}},
    {"model.layers.*.self_attn.v_proj.weight", file_layout::as_is, {"blocks.*.attention.value.weight"}},
    {"model.layers.*.self_attn.o_proj.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    where_present({"model.layers.*.self_attn.q_proj.bias", file_layout::as_is, {"blocks.*.attention.query.bias"}}),
    where_present({"model.layers.*.self_attn.k_proj.bias", file_layout::as_is, {"blocks.*.attention.key.bias"}}),
    where_present({"model.layers.*.self_attn.v_proj.bias", file_layout::as_is, {"blocks.*.attention.value.bias"}}),
    where_present({"model.layers.*.self_attn.o_proj.bias", file_layout::as_is, {"blocks.*.attention.output.bias"}}),
    {"model.layers.*.mlp.gate_proj.weight", file_layout::as_is, {"blocks.*.feed_forward.gate.weight"}},
    {"model.layers.*.mlp.up_proj.weight", file_layout::as_is, {"blocks.*.feed_forward.up.weight"}},
    {"model.layers.*.mlp.down_proj.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
    {"model.layers.*.input_layernorm.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    {"model.layers.*.post_attention_layernorm.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"model.norm.weight", file_layout::as_is, {"final_norm.weight"}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

/// Llama (Touvron et al. 2023, arXiv:2302.13971, §2.2; grouped queries: arXiv:2307.09288, §2.2): pre-norm blocks with
/// RMSNorm, SwiGLU whose hidden width is about 2/3 of four widths, and rotary positions.
///
/// From the published code and configurations: no biases, a separate head unless `tied`, ε, θ of the rotation, the
/// vocabulary, the context, no dropout. Weights are initialized normally with 0.02 (`initializer_range`; the paper does
/// not say). Tensor names are those of Hugging Face's LlamaForCausalLM.
template <llama_config C, class Function = silu>
struct llama
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
          rotary_positions<context<C.context>, rotary_width<C.width / C.heads>,
                           std::conditional_t<C.turns_adjacent_pairs, adjacent_pairs, half_split_pairs>, theta<C.theta>,
                           position_divisor<C.position_divisor>>,
          repeat<C.layers,
                 checkpoint_if<C.recomputes_blocks,
                               pre_norm_block<
                                   self_attention<
                                       heads<C.heads>, key_value_heads<C.key_value_heads ? C.key_value_heads : C.heads>,
                                       causal, std::conditional_t<C.attention_bias, with_bias, without_bias>>,
                                   gated_feed_forward<C.hidden, Function>, rms_norm<epsilon<C.epsilon>>>>>,
          named<"final_norm", rms_norm<epsilon<C.epsilon>>>, std::conditional_t<C.tied, tied_head, untied_head>> {
  static constexpr llama_config config = C;
  static constexpr file_names huggingface{
      llama_tensors,
      int(std::size(llama_tensors)),
      "model.",
      {"model.layers.*.self_attn.rotary_emb.inv_freq", "model.rotary_emb.inv_freq"},
      C.tied ? std::array<const char*, 2>{"lm_head.weight", "token_embedding.weight"} : std::array<const char*, 2>{},
      {},
      {},
      0,
      C.turns_adjacent_pairs};
};

}  // namespace typeformer
