// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/models/detail/decoder_names.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Llama; the defaults are LLaMA 7B (Touvron et al. 2023, arXiv:2302.13971, table 2).
struct llama_config {
  index_type layers = 32, width = 4096, heads = 32;
  index_type key_value_heads = 0;  ///< 0: as many as heads
  index_type head_width = 0;       ///< 0: width / heads
  index_type hidden = 11008, vocabulary = 32000, context = 2048;
  double theta = 10000, epsilon = 1e-6;
  bool tied = false;
  bool attention_bias = false;        ///< biases of the four projections of attention
  bool mlp_bias = false;              ///< biases of the feed-forward
  bool turns_adjacent_pairs = false;  ///< llama2.c's order of query and key columns; Hugging Face's is half-split
  bool recomputes_blocks = false;     ///< training keeps only the input of each block (see `checkpoint`)
};

/// Llama (Touvron et al. 2023, arXiv:2302.13971, §2.2; grouped queries: arXiv:2307.09288, §2.2): pre-norm blocks with
/// RMSNorm, SwiGLU whose hidden width is about 2/3 of four widths, and rotary positions, whose frequencies `Scaling`
/// changes for long texts (`position_divisor`, `llama3_frequencies`, `yarn_frequencies`).
///
/// From the published code and configurations: no biases, a separate head unless `tied`, ε, θ of the rotation, the
/// vocabulary, the context, no dropout. Weights are initialized normally with 0.02 (`initializer_range`; the paper does
/// not say). Tensor names are those of Hugging Face's LlamaForCausalLM.
template <llama_config C, class Function = silu, class Scaling = position_divisor<1.0>>
struct llama
    : detail::decoder_stack<
          C, detail::rotation<C, Scaling, std::conditional_t<C.turns_adjacent_pairs, adjacent_pairs, half_split_pairs>>,
          pre_norm_block<detail::grouped_attention<C, detail::bias_if<C.attention_bias>>,
                         gated_feed_forward<C.hidden, Function, detail::bias_if<C.mlp_bias>>,
                         rms_norm<epsilon<C.epsilon>>>,
          rms_norm<epsilon<C.epsilon>>> {
  static constexpr llama_config config = C;
  static constexpr file_names huggingface = [] {
    file_names names = detail::names_of_decoder(detail::llama_names, C.tied);
    names.rotates_adjacent_pairs = C.turns_adjacent_pairs;
    return names;
  }();
};

}  // namespace typeformer
