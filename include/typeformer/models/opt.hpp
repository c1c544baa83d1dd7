// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>
#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/layer_if.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an OPT; the defaults are OPT 125M (Zhang et al. 2022, arXiv:2205.01068, table 1).
struct opt_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type embedding_width = 0;  ///< of the token table; 0: width
  index_type hidden = 3072, vocabulary = 50272, context = 2048;
  bool norms_first = true;         ///< before the branches, not after the sums
  bool has_final_norm = true;      ///< after the blocks, if the norms are before the branches
  bool has_bias = true;            ///< of all projections
  bool norms_have_weights = true;  ///< and biases
  bool tied = true;                ///< the head is the token table
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

namespace detail {

inline constexpr std::array opt_names{
    file_tensor_rule{"model.decoder.embed_tokens.weight", file_layout::as_is, {"token_embedding.weight"}},
    file_tensor_rule{"model.decoder.embed_positions.weight", file_layout::as_is, {"position_embedding.weight"}},
    where_present({"model.decoder.project_in.weight", file_layout::as_is, {"embedding_projection.weight"}}),
    where_present({"model.decoder.project_out.weight", file_layout::as_is, {"output_projection.weight"}}),
    file_tensor_rule{"model.decoder.layers.*.self_attn.q_proj.", file_layout::as_is, {"blocks.*.attention.query."}},
    file_tensor_rule{"model.decoder.layers.*.self_attn.k_proj.", file_layout::as_is, {"blocks.*.attention.key."}},
    file_tensor_rule{"model.decoder.layers.*.self_attn.v_proj.", file_layout::as_is, {"blocks.*.attention.value."}},
    file_tensor_rule{"model.decoder.layers.*.self_attn.out_proj.", file_layout::as_is, {"blocks.*.attention.output."}},
    where_present({"model.decoder.layers.*.self_attn_layer_norm.", file_layout::as_is, {"blocks.*.attention_norm."}}),
    file_tensor_rule{"model.decoder.layers.*.fc1.", file_layout::as_is, {"blocks.*.feed_forward.up."}},
    file_tensor_rule{"model.decoder.layers.*.fc2.", file_layout::as_is, {"blocks.*.feed_forward.down."}},
    where_present({"model.decoder.layers.*.final_layer_norm.", file_layout::as_is, {"blocks.*.feed_forward_norm."}}),
    where_present({"model.decoder.final_layer_norm.", file_layout::as_is, {"final_norm."}}),
    where_present({"lm_head.weight", file_layout::as_is, {"head.weight"}}),
};

template <opt_config C>
using opt_norm = std::conditional_t<C.norms_have_weights, layer_norm<>, layer_norm<without_weight>>;
template <opt_config C, class Function>
using opt_block =
    std::conditional_t<C.norms_first,
                       pre_norm_block<grouped_attention<C, bias_if<C.has_bias>>,
                                      feed_forward<C.hidden, Function, bias_if<C.has_bias>>, opt_norm<C>>,
                       post_norm_block<grouped_attention<C, bias_if<C.has_bias>>,
                                       feed_forward<C.hidden, Function, bias_if<C.has_bias>>, opt_norm<C>>>;

template <opt_config C> inline constexpr index_type opt_table_width = C.embedding_width ? C.embedding_width : C.width;
template <opt_config C> inline constexpr bool opt_projects = opt_table_width<C> != C.width;

}  // namespace detail

/// OPT (Zhang et al. 2022, arXiv:2205.01068, §2.1): GPT-3 with ReLU.
///
/// From the published code and configurations: the positions begin in row 2 of their table, ε, the tied head; the 350M
/// has norms after the sums, no last norm, and a narrow token table with projections to the stream and back. Tensor names
/// are those of Hugging Face's OPTForCausalLM.
template <opt_config C, class Function = relu>
struct opt
    : decoder_only<token_embedding<vocabulary<C.vocabulary>, width<detail::opt_table_width<C>>>,
                   layer_if<detail::opt_projects<C>, named<"embedding_projection", linear<C.width, without_bias>>>,
                   learned_positions<context<C.context>, first_position_row<2>>,
                   repeat<C.layers, checkpoint_if<C.recomputes_blocks, detail::opt_block<C, Function>>>,
                   layer_if<C.norms_first && C.has_final_norm, named<"final_norm", detail::opt_norm<C>>>,
                   layer_if<detail::opt_projects<C>,
                            named<"output_projection", linear<detail::opt_table_width<C>, without_bias>>>,
                   detail::head_of<C>> {
  static constexpr opt_config config = C;
  static constexpr file_names huggingface = detail::names_of_decoder(detail::opt_names, C.tied);
};

}  // namespace typeformer
