// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/sinusoidal_positions.hpp>
#include <typeformer/models/bart_files.hpp>
#include <typeformer/models/bart_parts.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of a Marian are those of a BART.
using marian_config = bart_config;

/// The models of OPUS-MT (Tiedemann, Thottingal 2020); their vocabularies differ.
inline constexpr marian_config opus_mt{.layers = 6,
                                       .width = 512,
                                       .heads = 8,
                                       .hidden = 2048,
                                       .vocabulary = 58101,
                                       .context = 512,
                                       .padding_id = 58100,
                                       .scales_embedding = true};

namespace detail {
template <index_type Vocabulary> constexpr file_names marian_file_names(bool shares_table, bool is_tied) {
  file_names names = bart_file_names(bart_tensors<Vocabulary>, shares_table, is_tied);
  names.ignored[4] = "model.encoder.embed_positions.weight";
  names.ignored[5] = "model.decoder.embed_positions.weight";
  return names;
}
}  // namespace detail

/// The translation models of Marian (Junczys-Dowmunt et al. 2018, arXiv:1804.00344): the encoder-decoder of Vaswani et
/// al. 2017, with norms after the branches and sinusoidal positions.
///
/// From the published models: SiLU, √width times the rows of the token table, a bias of logits. The positions are
/// computed, sines before cosines; a table of them in a file is not read. Tensor names are those of Hugging Face's
/// MarianMTModel.
template <marian_config C, class Function = silu, class Parts = detail::bart_parts<C, Function>>
struct marian
    : encoder_decoder<
          typename Parts::embeddings,
          encoder<typename Parts::scale, sinusoidal_positions<context<C.context>, theta<10000.0>, sines_before_cosines>,
                  dropout<C.dropout>, typename Parts::post_norm_encoder>,
          decoder<typename Parts::scale, sinusoidal_positions<context<C.context>, theta<10000.0>, sines_before_cosines>,
                  dropout<C.dropout>, typename Parts::post_norm_decoder, typename Parts::head>> {
  static constexpr marian_config config = C;
  static constexpr file_names huggingface =
      detail::marian_file_names<Parts::target_vocabulary>(Parts::shares_table, C.tied);
};

}  // namespace typeformer
