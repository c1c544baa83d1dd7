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
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a GPT; the defaults are the published one (Radford et al. 2018, "Improving Language Understanding by
/// Generative Pre-Training", §4.1).
struct gpt_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 40478, context = 512;
  double epsilon = 1e-5;
  bool tied = true;                ///< the head is the token table
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr gpt_config gpt_published{};

inline constexpr file_tensor_rule gpt_tensors[] = {
    {"transformer.tokens_embed.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"transformer.positions_embed.weight", file_layout::as_is, {"position_embedding.weight"}},
    {"transformer.h.*.attn.c_attn.weight",
     file_layout::transposed,
     {"blocks.*.attention.query.weight", "blocks.*.attention.key.weight", "blocks.*.attention.value.weight"}},
    {"transformer.h.*.attn.c_attn.bias",
     file_layout::as_is,
     {"blocks.*.attention.query.bias", "blocks.*.attention.key.bias", "blocks.*.attention.value.bias"}},
    {"transformer.h.*.attn.c_proj.weight", file_layout::transposed, {"blocks.*.attention.output.weight"}},
    {"transformer.h.*.attn.c_proj.bias", file_layout::as_is, {"blocks.*.attention.output.bias"}},
    {"transformer.h.*.ln_1.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    {"transformer.h.*.ln_1.bias", file_layout::as_is, {"blocks.*.attention_norm.bias"}},
    {"transformer.h.*.mlp.c_fc.weight", file_layout::transposed, {"blocks.*.feed_forward.up.weight"}},
    {"transformer.h.*.mlp.c_fc.bias", file_layout::as_is, {"blocks.*.feed_forward.up.bias"}},
    {"transformer.h.*.mlp.c_proj.weight", file_layout::transposed, {"blocks.*.feed_forward.down.weight"}},
    {"transformer.h.*.mlp.c_proj.bias", file_layout::as_is, {"blocks.*.feed_forward.down.bias"}},
    {"transformer.h.*.ln_2.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"transformer.h.*.ln_2.bias", file_layout::as_is, {"blocks.*.feed_forward_norm.bias"}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

/// GPT (Radford et al. 2018, §4.1): the decoder of Vaswani et al. 2017 without cross-attention, so that a norm follows
/// each branch and there is none at the end. Learned positions, GELU, a feed-forward of four widths, dropout after the
/// embedding, at the end of branches and of probabilities (all §4.1); a head tied to the token table (§3.1, eq. 2).
///
/// Weights are initialized normally with 0.02 (§4.1). From the published code: biases everywhere, ε, GELU by tanh and
/// the vocabulary, 40,000 merges on 478 pieces. Tensor names and layouts are those of Hugging Face's
/// OpenAIGPTLMHeadModel.
template <gpt_config C, class Function = gelu_tanh>
struct gpt
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>, learned_positions<context<C.context>>,
          dropout<C.dropout>,
          repeat<C.layers,
                 checkpoint_if<C.recomputes_blocks,
                               post_norm_block<self_attention_with_dropout<C.attention_dropout, heads<C.heads>, causal>,
                                               feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                               layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
          std::conditional_t<C.tied, tied_head, untied_head>> {
  static constexpr gpt_config config = C;
  static constexpr file_names huggingface{
      gpt_tensors,
      int(std::size(gpt_tensors)),
      "transformer.",
      {"transformer.h.*.attn.bias", "transformer.position_ids"},
      C.tied ? std::array<const char*, 2>{"lm_head.weight", "token_embedding.weight"} : std::array<const char*, 2>{}};
};

}  // namespace typeformer
