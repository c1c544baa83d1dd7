// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <type_traits>

#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/with_pooled.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/patch_embedding.hpp>
#include <typeformer/layers/projected_rows.hpp>
#include <typeformer/models/vision_stack.hpp>
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The numbers of an audio spectrogram transformer; the defaults are those of the published model for ten seconds (Gong
/// et al. 2021, arXiv:2104.01778, §2.1 and §3.1).
struct audio_spectrogram_transformer_config {
  index_type layers = 12, width = 768, heads = 12;
  index_type hidden = 0;                   ///< of the feed-forward; 0: 4 · width
  index_type mel_bins = 128, time = 1024;  ///< of a spectrogram [time][mel_bins]
  index_type patch_height = 16, patch_width = 16;
  index_type frequency_stride = 10, time_stride = 10;  ///< from one patch to the next
  index_type classes = 0;  ///< 0: no classifier; the model delivers hidden states and the pooled learned rows
  double epsilon = 1e-12;
  bool query_key_value_bias = true;
  double dropout = 0;              ///< after the embedding and at the end of each branch, in training
  double attention_dropout = 0;    ///< of the probabilities of attention, in training
  bool recomputes_blocks = false;  ///< training keeps only the input of each block (see `checkpoint`)
};

/// The frequencies are the rows of the image, and a patch of it is [frequencies][time].
template <audio_spectrogram_transformer_config C>
using spectrogram_embedding =
    patch_embedding<image<1, C.mel_bins, C.time>, patch<C.patch_height, C.patch_width>, width<C.width>,
                    patch_stride<C.frequency_stride, C.time_stride>, stored_by_columns, class_and_distillation_token>;

/// The body of an audio spectrogram transformer: a DeiT on patches of a spectrogram that overlap (Gong et al. 2021,
/// arXiv:2104.01778, §2.1), and the layers after it. Tensor names are those of Hugging Face's AST, which begin with
/// `Prefix`.
template <audio_spectrogram_transformer_config C, fixed_string Prefix, class Function, class... Layers>
struct audio_spectrogram_body : vision_stack<C, spectrogram_embedding<C>, Function, Layers...> {
  static constexpr audio_spectrogram_transformer_config config = C;
  static constexpr auto tensors = vision_tensors<Prefix, spectrogram_embedding<C>>(
      where_present({.file = "classifier.layernorm.", .leaves = {"classifier_norm."}}),
      where_present({.file = "classifier.dense.", .leaves = {"classifier."}}));
  static constexpr file_names huggingface{tensors.data(), int(tensors.size()), Prefix.characters};
};

/// An audio spectrogram transformer that classifies spectrograms [time][frequencies], with `classes`: by the mean of the
/// class token and the distillation token, normed. Without classes its body and that mean.
template <audio_spectrogram_transformer_config C, class Function = gelu_erf>
struct audio_spectrogram_transformer
    : std::conditional_t<(C.classes > 0),
                         audio_spectrogram_body<C, "audio_spectrogram_transformer.", Function, first_tokens<0, 2>,
                                                named<"classifier_norm", layer_norm<epsilon<C.epsilon>>>,
                                                classifier<C.classes ? C.classes : 1>>,
                         audio_spectrogram_body<C, "", Function, with_pooled<first_tokens<0, 2>>>> {};

}  // namespace typeformer
