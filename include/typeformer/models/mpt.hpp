// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/models/detail/clipping.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an MPT; the defaults are MPT 7B (MosaicML 2023).
struct mpt_config {
  index_type layers = 32, width = 4096, heads = 32;
  index_type vocabulary = 50432, context = 2048;
  double epsilon = 1e-5;
  double score_scale = 0;          ///< 0: 1 / √(width / heads)
  double largest_projection = 0;   ///< queries, keys and values are clamped to ± this number; 0: not
  bool tied = true;                ///< the head is the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {
inline constexpr std::array mpt_names{
    file_tensor_rule{"transformer.wte.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"transformer.blocks.*.norm_1.weight", file_layout::as_is, {"blocks.*.attention_norm.weight"}},
    file_tensor_rule{
        "transformer.blocks.*.attn.Wqkv.weight",
        file_layout::as_is,
        {"blocks.*.attention.query.weight", "blocks.*.attention.key.weight", "blocks.*.attention.value.weight"}},
    file_tensor_rule{
        "transformer.blocks.*.attn.out_proj.weight", file_layout::as_is, {"blocks.*.attention.output.weight"}},
    file_tensor_rule{"transformer.blocks.*.norm_2.weight", file_layout::as_is, {"blocks.*.feed_forward_norm.weight"}},
    file_tensor_rule{
        "transformer.blocks.*.ffn.up_proj.weight", file_layout::as_is, {"blocks.*.feed_forward.up.weight"}},
    file_tensor_rule{
        "transformer.blocks.*.ffn.down_proj.weight", file_layout::as_is, {"blocks.*.feed_forward.down.weight"}},
    file_tensor_rule{"transformer.norm_f.weight", file_layout::as_is, {"final_norm.weight"}},
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

template <mpt_config C>
inline constexpr double mpt_score_scale =
    C.score_scale != 0 ? C.score_scale : 1 / math::sqrt(double(head_width_of<C>()));
}  // namespace detail

/// MPT (MosaicML 2023, "Introducing MPT-7B"): GPT-2 with ALiBi in place of learned positions, without any bias.
///
/// From the published code and configurations: GELU by erf, a feed-forward of four widths, ε, the tied head, clamped
/// queries, keys and values in some models. Tensor names are those of Hugging Face's MptForCausalLM.
template <mpt_config C, class Function = gelu_erf>
struct mpt : detail::decoder_stack<C, alibi_positions<context<C.context>, heads<C.heads>>,
                                   pre_norm_block<detail::grouped_attention<C, detail::clipping_of<C>, without_bias,
                                                                            score_scale<detail::mpt_score_scale<C>>>,
                                                  feed_forward<4 * C.width, Function, without_bias>,
                                                  layer_norm<epsilon<C.epsilon>, without_bias>>,
                                   layer_norm<epsilon<C.epsilon>, without_bias>> {
  static constexpr mpt_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::mpt_names, C.tied, "transformer.");
};

}  // namespace typeformer
