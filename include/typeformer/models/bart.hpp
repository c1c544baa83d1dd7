// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/models/bart_files.hpp>
#include <typeformer/models/bart_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

inline constexpr bart_config bart_large{}, bart_base{.layers = 6, .width = 768, .heads = 12, .hidden = 3072};

/// BART (Lewis et al. 2020, arXiv:1910.13461, §2.1): the encoder-decoder of Vaswani et al. 2017, with norms after the
/// branches, and with GELU.
///
/// From the published code: learned positions that are counted from row 2 of their table, a norm after the embeddings of
/// both stacks, a bias of logits that is 0 unless a file says otherwise. Hugging Face's own training does not change
/// that bias. Weights are initialized normally with 0.02. Tensor names are those of Hugging Face's
/// BartForConditionalGeneration.
template <bart_config C, class Function = gelu_erf, class Parts = detail::bart_parts<C, Function>>
struct bart
    : encoder_decoder<
          typename Parts::embeddings,
          encoder<typename Parts::scale, learned_positions<context<C.context>, first_position_row<2>>,
                  named<"embedding_norm", typename Parts::norm>, dropout<C.dropout>, typename Parts::post_norm_encoder>,
          decoder<typename Parts::scale, learned_positions<context<C.context>, first_position_row<2>>,
                  named<"embedding_norm", typename Parts::norm>, dropout<C.dropout>, typename Parts::post_norm_decoder,
                  typename Parts::head>> {
  static constexpr bart_config config = C;
  static constexpr file_names huggingface =
      detail::bart_file_names(bart_tensors<Parts::target_vocabulary>, Parts::shares_table, C.tied);
};

}  // namespace typeformer
