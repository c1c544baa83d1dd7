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
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/value_of_place.hpp>

namespace typeformer {

/// The numbers of a PEGASUS are those of a BART.
using pegasus_config = bart_config;

inline constexpr pegasus_config pegasus_large{
    .layers = 16, .vocabulary = 96103, .padding_id = 0, .scales_embedding = true};

/// PEGASUS (Zhang et al. 2020, arXiv:1912.08777, §6.1): an encoder-decoder with sinusoidal positions.
///
/// From the published code: norms before the branches and at the end of each stack, ReLU, and sines before cosines in
/// tables that files may hold; where they do not, and initially, these are computed. Hugging Face's own training does
/// not change them. See `bart` for the bias of logits. Tensor names are those of Hugging Face's
/// PegasusForConditionalGeneration.
template <pegasus_config C, class Function = relu, class Parts = detail::bart_parts<C, Function>>
struct pegasus
    : encoder_decoder<
          typename Parts::embeddings,
          encoder<typename Parts::scale, learned_positions<context<C.context>>, dropout<C.dropout>,
                  typename Parts::pre_norm_encoder, named<"final_norm", typename Parts::norm>>,
          decoder<typename Parts::scale, learned_positions<context<C.context>>, dropout<C.dropout>,
                  typename Parts::pre_norm_decoder, named<"final_norm", typename Parts::norm>, typename Parts::head>> {
  static constexpr pegasus_config config = C;
  static constexpr file_names huggingface =
      detail::bart_file_names(pegasus_tensors<Parts::target_vocabulary, C.width>, Parts::shares_table, C.tied);

 private:
  static constexpr initial_values starts[] = {
      {.pattern = "*position_embedding.weight", .at = half_split_sinusoid<C.width>}};

 public:
  static constexpr initialization initial{starts, 1};
};

}  // namespace typeformer
