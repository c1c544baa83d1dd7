// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <array>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/encoder_decoder.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/layers/convolved_features.hpp>
#include <typeformer/layers/dropout.hpp>
#include <typeformer/layers/feature_embedding.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/bart_files.hpp>
#include <typeformer/models/bart_parts.hpp>
#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/value_of_place.hpp>

namespace typeformer {

/// The numbers of a Whisper; the defaults are the tiny one (Radford et al. 2022, arXiv:2212.04356, table 1).
struct whisper_config {
  index_type layers = 4, decoder_layers = 0;  ///< 0: as many as `layers`; the same of the numbers below
  index_type width = 384;
  index_type heads = 6, decoder_heads = 0;
  index_type hidden = 1536, decoder_hidden = 0;
  index_type vocabulary = 51865;
  index_type mel_bins = 80;          ///< numbers of a frame
  index_type source_context = 1500;  ///< rows of the encoder, of two frames each
  index_type context = 448;          ///< tokens of the target
  index_type padding_id = 50256;     ///< its row of the token table gets no gradient from a lookup; -1: there is none
  bool tied = true;                  ///< the head multiplies by the token table
  double dropout = 0;                ///< after the embeddings and at the end of each branch, in training
  double attention_dropout = 0;      ///< of the probabilities of self-attention, in training
  bool recomputes_blocks = false;    ///< training keeps only the input of each block (see `checkpoint`)
};

inline constexpr whisper_config whisper_tiny{}, whisper_base{.layers = 6, .width = 512, .heads = 8, .hidden = 2048},
    whisper_small{.layers = 12, .width = 768, .heads = 12, .hidden = 3072},
    whisper_medium{.layers = 24, .width = 1024, .heads = 16, .hidden = 4096},
    whisper_large{.layers = 32, .width = 1280, .heads = 20, .hidden = 5120};

namespace detail {

/// Keys have no bias. One that is the same for all keys changes no attention.
template <index_type MelBins, index_type Width> struct ends_of_whisper {
  static constexpr file_tensor_rule rules[] = {
      in_shape("model.encoder.conv1.weight", "encoder.convolved_features.first.weight", {Width, MelBins, 3}),
      {"model.encoder.conv1.bias", file_layout::as_is, {"encoder.convolved_features.first.bias"}},
      in_shape("model.encoder.conv2.weight", "encoder.convolved_features.second.weight", {Width, Width, 3}),
      {"model.encoder.conv2.bias", file_layout::as_is, {"encoder.convolved_features.second.bias"}},
      {"model.encoder.embed_positions.weight", file_layout::as_is, {"encoder.position_embedding.weight"}},
      {"model.decoder.embed_tokens.weight", file_layout::as_is, {"decoder.token_embedding.weight"}},
      {"model.decoder.embed_positions.weight", file_layout::as_is, {"decoder.position_embedding.weight"}},
      not_in_file("encoder.blocks.*.attention.key.bias", 0),
      not_in_file("decoder.blocks.*.attention.key.bias", 0),
      not_in_file("decoder.blocks.*.cross_attention.key.bias", 0),
      where_present({"proj_out.weight", file_layout::as_is, {"decoder.head.weight"}}),
  };
};

}  // namespace detail

template <index_type MelBins, index_type Width>
inline constexpr auto whisper_tensors =
    joined_rules(detail::ends_of_whisper<MelBins, Width>::rules, detail::stacks_of_bart);

/// Whisper (Radford et al. 2022, arXiv:2212.04356, §2.2): a speech recognizer whose encoder reads the frames of a
/// logarithmic mel spectrogram, two of them a row, after two convolutions with GELU. Norms come before the branches and
/// at the end of each stack.
///
/// A session reads frames [frames][mel bins], an even number of them, by `read`. From the published code: a table of
/// sinusoidal positions in the encoder, which files hold and Hugging Face's own training does not change; learned
/// positions in the decoder; no bias of keys; the convolutions have GELU whatever `Function` is. Tensor names are those
/// of Hugging Face's WhisperForConditionalGeneration.
template <whisper_config C, class Function = gelu_erf, class Parts = detail::bart_stacks<C, Function>>
struct whisper
    : encoder_decoder<
          source_and_target<convolved_features<channels<C.mel_bins>, width<C.width>, gelu_erf>,
                            token_embedding<vocabulary<C.vocabulary>, width<C.width>, padding<C.padding_id>>>,
          encoder<learned_positions<context<C.source_context>>, dropout<C.dropout>, typename Parts::pre_norm_encoder,
                  named<"final_norm", typename Parts::norm>>,
          decoder<learned_positions<context<C.context>>, dropout<C.dropout>, typename Parts::pre_norm_decoder,
                  named<"final_norm", typename Parts::norm>, typename Parts::head>> {
  static constexpr whisper_config config = C;
  static constexpr file_names huggingface{
      whisper_tensors<C.mel_bins, C.width>.data(),
      int(whisper_tensors<C.mel_bins, C.width>.size()),
      "model.",
      {},
      C.tied ? std::array<const char*, 2>{"proj_out.weight", "decoder.token_embedding.weight"}
             : std::array<const char*, 2>{}};

 private:
  static constexpr initial_values starts[] = {
      {.pattern = "encoder.position_embedding.weight", .at = inclusive_sinusoid<C.width>}};

 public:
  static constexpr initialization initial{starts, 1};
};

}  // namespace typeformer
