// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/listed_windows.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a GPT-Neo; the defaults are the published 125M (Black et al. 2021, "GPT-Neo").
struct gpt_neo_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 50257, context = 2048;
  double epsilon = 1e-5;
  bool tied = true;                ///< the head is the token table
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr gpt_neo_config gpt_neo_125m{}, gpt_neo_1_3b{.layers = 24, .width = 2048, .heads = 16},
    gpt_neo_2_7b{.layers = 32, .width = 2560, .heads = 20};

inline constexpr file_tensor_rule gpt_neo_tensors[] = {
    {"transformer.wte.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"transformer.wpe.weight", file_layout::as_is, {"position_embedding.weight"}},
    {"transformer.h.*.ln_1.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    {"transformer.h.*.ln_1.bias", file_layout::as_is, {"blocks.*.attention_norm.bias"}},
    {"transformer.h.*.attn.attention.q_proj.weight", file_layout::as_is, {"blocks.*.attention.query.weight"}},
    {"transformer.h.*.attn.attention.k_proj.weight", file_layout::as_is, {"blocks.*.attention.key.weight"}},
    {"transformer.h.*.attn.attention.v_proj.weight", file_layout::as_is, {"blocks.*.attention.value.weight"}},
    {"transformer.h.*.attn.attention.out_proj.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    {"transformer.h.*.attn.attention.out_proj.bias", file_layout::as_is, {"blocks.*.attention.output.bias"}},
    {"transformer.h.*.ln_2.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"transformer.h.*.ln_2.bias", file_layout::as_is, {"blocks.*.feed_forward_norm.bias"}},
    {"transformer.h.*.mlp.c_fc.weight", file_layout::as_is, {"blocks.*.feed_forward.up.weight"}},
    {"transformer.h.*.mlp.c_fc.bias", file_layout::as_is, {"blocks.*.feed_forward.up.bias"}},
    {"transformer.h.*.mlp.c_proj.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
    {"transformer.h.*.mlp.c_proj.bias", file_layout::as_is, {"blocks.*.feed_forward.down.bias"}},
    {"transformer.ln_f.weight", file_layout::as_is, {"final_norm.weight"}},
    {"transformer.ln_f.bias", file_layout::as_is, {"final_norm.bias"}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

/// GPT-Neo (Black et al. 2021; there is no paper, so everything is from the published code and configurations): GPT-2's
/// pre-norm blocks, learned positions and GELU by tanh; GPT-3's alternation of layers that see all tokens and layers
/// that see a window of 256; scores that are not scaled; queries, keys and values without bias; a tied head.
///
/// Weights are initialized normally with 0.02 (`initializer_range`). Tensor names and layouts are those of Hugging
/// Face's GPTNeoForCausalLM.
template <gpt_neo_config C, class Function = gelu_tanh, class Windows = sliding_windows<alternating_windows<256>>>
struct gpt_neo
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>, learned_positions<context<C.context>>,
          dropout<C.dropout>,
          repeat<C.layers, checkpoint_if<C.recomputes_blocks,
                                         pre_norm_block<self_attention_with_dropout<C.attention_dropout, heads<C.heads>,
                                                                                    causal, Windows, score_scale<1.0>,
                                                                                    without_query_key_value_bias>,
                                                        feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                                        layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
          named<"final_norm", layer_norm<epsilon<C.epsilon>>>, std::conditional_t<C.tied, tied_head, untied_head>> {
  static constexpr gpt_neo_config config = C;
  using windows = Windows;
  static constexpr file_names huggingface{
      gpt_neo_tensors,
      int(std::size(gpt_neo_tensors)),
      "transformer.",
      {"transformer.h.*.attn.attention.bias", "transformer.h.*.attn.attention.masked_bias"},
      C.tied ? std::array<const char*, 2>{"lm_head.weight", "token_embedding.weight"} : std::array<const char*, 2>{}};
};

}  // namespace typeformer
