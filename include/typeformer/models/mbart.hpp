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

/// The numbers of an mBART are those of a BART.
using mbart_config = bart_config;

inline constexpr mbart_config mbart_large_cc25{.vocabulary = 250027, .scales_embedding = true};

/// mBART (Liu et al. 2020, arXiv:2001.08210, §2.2): a BART for many languages, with one more norm at the end of each
/// stack.
///
/// From the published code: norms before the branches, learned positions that are counted from row 2 of their table.
/// See `bart` for the bias of logits. Tensor names are those of Hugging Face's MBartForConditionalGeneration.
template <mbart_config C, class Function = gelu_erf, class Parts = detail::bart_parts<C, Function>>
struct mbart
    : encoder_decoder<
          typename Parts::embeddings,
          encoder<typename Parts::scale, learned_positions<context<C.context>, first_position_row<2>>,
                  named<"embedding_norm", typename Parts::norm>, dropout<C.dropout>, typename Parts::pre_norm_encoder,
                  named<"final_norm", typename Parts::norm>>,
          decoder<typename Parts::scale, learned_positions<context<C.context>, first_position_row<2>>,
                  named<"embedding_norm", typename Parts::norm>, dropout<C.dropout>, typename Parts::pre_norm_decoder,
                  named<"final_norm", typename Parts::norm>, typename Parts::head>> {
  static constexpr mbart_config config = C;
  /// The decoder reads a text's last token first, which tells the language, and not a start token that all texts share.
  static constexpr bool target_begins_with_its_last_token = true;
  static constexpr file_names huggingface =
      detail::bart_file_names(bart_tensors<Parts::target_vocabulary>, Parts::shares_table, C.tied);
};

}  // namespace typeformer
