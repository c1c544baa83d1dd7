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
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {

/// The numbers of a GPT-2; the defaults are the smallest published one (Radford et al. 2019, table 2).
struct gpt2_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;  ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 50257, context = 1024;
  double epsilon = 1e-5;
  bool scales_scores = true;              ///< by 1 / √(width / heads)
  bool scores_over_layer_number = false;  ///< the first layer's by 1, the second's by 2
  bool tied = true;                       ///< the head is the token table
  double dropout = 0;                     ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;           ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;         ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr file_tensor_rule gpt2_tensors[] = {
    {"transformer.wte.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"transformer.wpe.weight", file_layout::as_is, {"position_embedding.weight"}},
    {"transformer.h.*.ln_1.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    {"transformer.h.*.ln_1.bias", file_layout::as_is, {"blocks.*.attention_norm.bias"}},
    {"transformer.h.*.attn.c_attn.weight",
     file_layout::transposed,
     {"blocks.*.attention.query.weight", "blocks.*.attention.key.weight", "blocks.*.attention.value.weight"}},
    {"transformer.h.*.attn.c_attn.bias",
     file_layout::as_is,
     {"blocks.*.attention.query.bias", "blocks.*.attention.key.bias", "blocks.*.attention.value.bias"}},
    {"transformer.h.*.attn.c_proj.weight", file_layout::transposed, {"blocks.*.attention.output.weight"}},
    {"transformer.h.*.attn.c_proj.bias", file_layout::as_is, {"blocks.*.attention.output.bias"}},
    {"transformer.h.*.ln_2.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"transformer.h.*.ln_2.bias", file_layout::as_is, {"blocks.*.feed_forward_norm.bias"}},
    {"transformer.h.*.mlp.c_fc.weight", file_layout::transposed, {"blocks.*.feed_forward.up.weight"}},
    {"transformer.h.*.mlp.c_fc.bias", file_layout::as_is, {"blocks.*.feed_forward.up.bias"}},
    {"transformer.h.*.mlp.c_proj.weight", file_layout::transposed, {"blocks.*.feed_forward.down.weight"}},
    {"transformer.h.*.mlp.c_proj.bias", file_layout::as_is, {"blocks.*.feed_forward.down.bias"}},
    {"transformer.ln_f.weight", file_layout::as_is, {"final_norm.weight"}},
    {"transformer.ln_f.bias", file_layout::as_is, {"final_norm.bias"}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

namespace detail {

template <gpt2_config C, class... Options>
using gpt2_attention_with = std::conditional_t<
    C.scales_scores, self_attention_with_dropout<C.attention_dropout, heads<C.heads>, causal, Options...>,
    self_attention_with_dropout<C.attention_dropout, heads<C.heads>, causal, score_scale<1.0>, Options...>>;
template <gpt2_config C>
using gpt2_attention = std::conditional_t<C.scores_over_layer_number, gpt2_attention_with<C, scores_over_layer_number>,
                                          gpt2_attention_with<C>>;

}  // namespace detail

/// GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.3): GPT with the norms before
/// the branches, one after the last block, a context of 1024 and a vocabulary of 50257. Learned positions and the
/// places of dropout are GPT's.
///
/// Weights at the end of a residual branch are initialized with 1/√(2 · layers) of the others' deviation (§2.3). From
/// the published code: the others are initialized normally with 0.02, GELU by tanh (`gelu_new` in the configurations),
/// ε, and a head tied to the token table. Tensor names and layouts are those of Hugging Face's GPT2LMHeadModel.
template <gpt2_config C, class Function = gelu_tanh>
struct gpt2
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>, learned_positions<context<C.context>>,
          dropout<C.dropout>,
          repeat<C.layers, checkpoint_if<C.recomputes_blocks,
                                         pre_norm_block<detail::gpt2_attention<C>,
                                                        feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                                        layer_norm<epsilon<C.epsilon>>, C.dropout>>>,
          named<"final_norm", layer_norm<epsilon<C.epsilon>>>, std::conditional_t<C.tied, tied_head, untied_head>> {
  static constexpr gpt2_config config = C;
  static constexpr file_names huggingface{
      gpt2_tensors,
      int(std::size(gpt2_tensors)),
      "transformer.",
      {"transformer.h.*.attn.bias", "transformer.h.*.attn.masked_bias"},
      C.tied ? std::array<const char*, 2>{"lm_head.weight", "token_embedding.weight"} : std::array<const char*, 2>{}};

 private:
  static constexpr double into_residual = 0.02 / math::sqrt(2.0 * double(C.layers));
  static constexpr initial_values starts[] = {{"*.output.weight", into_residual}, {"*.down.weight", into_residual}};

 public:
  static constexpr initialization initial{starts, 2};
};

}  // namespace typeformer
