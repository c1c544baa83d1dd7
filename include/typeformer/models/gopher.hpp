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
#include <typeformer/layers/relative_positions.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Gopher; the defaults are the smallest published one (Rae et al. 2021, arXiv:2112.11446, table 1).
struct gopher_config {
  index_type layers = 8, width = 512, heads = 16;
  index_type head_width = 0;  ///< 0: width / heads
  index_type hidden = 0;      ///< of the feed-forward; 0: 4 · width
  index_type vocabulary = 32000, context = 2048;
  index_type memory = 0;  ///< tokens of earlier segments that attention sees in addition to up to `context` new ones
  double epsilon = 1e-6;
  bool tied = true;                ///< the head is the token table
  double dropout = 0;              ///< at the end of each branch, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// Table 1 of Gopher's paper.
inline constexpr gopher_config gopher_44m{}, gopher_117m{.layers = 12, .width = 768, .heads = 12},
    gopher_417m{.layers = 12, .width = 1536, .heads = 12}, gopher_1_4b{.layers = 24, .width = 2048, .heads = 16},
    gopher_7_1b{.layers = 32, .width = 4096, .heads = 32}, gopher_280b{.layers = 80, .width = 16384, .heads = 128};
/// Table 4 of Hoffmann et al. 2022, arXiv:2203.15556.
inline constexpr gopher_config chinchilla_70b{.layers = 80, .width = 8192, .heads = 64};

inline constexpr file_tensor_rule gopher_tensors[] = {
    {"word_emb.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"layers.*.dec_attn.r_w_bias", file_layout::as_is, {"blocks.*.attention.content_bias"}},
    {"layers.*.dec_attn.r_r_bias", file_layout::as_is, {"blocks.*.attention.position_bias"}},
    {"layers.*.dec_attn.qkv_net.weight",
     file_layout::as_is,
     {"blocks.*.attention.query.weight", "blocks.*.attention.key.weight", "blocks.*.attention.value.weight"}},
    {"layers.*.dec_attn.r_net.weight", file_layout::as_is, {"blocks.*.attention.distance.weight"}},
    {"layers.*.dec_attn.o_net.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    {"layers.*.dec_attn.layer_norm.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    {"layers.*.pos_ff.CoreNet.0.weight", file_layout::as_is, {"blocks.*.feed_forward.up.weight"}},
    {"layers.*.pos_ff.CoreNet.0.bias", file_layout::as_is, {"blocks.*.feed_forward.up.bias"}},
    {"layers.*.pos_ff.CoreNet.3.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
    {"layers.*.pos_ff.CoreNet.3.bias", file_layout::as_is, {"blocks.*.feed_forward.down.bias"}},
    {"layers.*.pos_ff.layer_norm.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    {"final_norm.weight", file_layout::as_is, {"final_norm.weight"}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

/// Gopher (Rae et al. 2021, arXiv:2112.11446, "Models") and Chinchilla, which differs only in its numbers (Hoffmann et
/// al. 2022, arXiv:2203.15556, §4.1): GPT-2's blocks with RMSNorm, and attention that uses distances instead of
/// positions (Dai et al. 2019, arXiv:1901.02860, §3.3). The vocabulary of 32,000, texts of 2048 tokens and a
/// feed-forward of four widths are Gopher's, too.
///
/// No code and no checkpoint are public. The function, the tied head and weights that are initialized normally with
/// 0.02 are GPT-2's, whose architecture the paper refers to; ε is our choice. Tensor names are those of Hugging Face's
/// TransfoXLLMHeadModel.
template <gopher_config C, class Function = gelu_tanh>
struct gopher
    : decoder_only<
          token_embedding<vocabulary<C.vocabulary>, width<C.width>>,
          relative_positions<context<C.context>, memory_length<C.memory>>,
          repeat<C.layers,
                 checkpoint_if<C.recomputes_blocks,
                               pre_norm_block<transformer_xl_attention<heads<C.heads>, head_width<C.head_width>>,
                                              feed_forward<C.hidden ? C.hidden : 4 * C.width, Function>,
                                              rms_norm<epsilon<C.epsilon>>, C.dropout>>>,
          named<"final_norm", rms_norm<epsilon<C.epsilon>>>, std::conditional_t<C.tied, tied_head, untied_head>> {
  static constexpr gopher_config config = C;
  static constexpr file_names huggingface{
      gopher_tensors,
      int(std::size(gopher_tensors)),
      "",
      {"pos_emb.inv_freq"},
      C.tied ? std::array<const char*, 2>{"lm_head.weight", "token_embedding.weight"} : std::array<const char*, 2>{}};
};

}  // namespace typeformer
