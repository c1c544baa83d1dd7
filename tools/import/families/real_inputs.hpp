// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../real_input_readings.hpp"

namespace importing {

inline constexpr model_kind image_encoder{"forward_pass", "evaluating_with", "typeformer::tokens<@tokens@>", "",
                                          "reads one image"};
inline constexpr model_kind spectrogram_encoder{"forward_pass", "evaluating_with", "typeformer::tokens<@tokens@>", "",
                                                "reads one spectrogram"};
inline constexpr model_kind series_encoder{"forward_pass", "evaluating_with", "typeformer::tokens<@tokens@>", "",
                                           "reads one time series"};

// clang-format off
/// Models of numbers that can be imported, with the defaults of their published code.
inline constexpr family real_inputs[] = {
    {"vit", "vit", image_encoder, {"ViTForImageClassification", "ViTModel"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"hidden", "3072"}, {"channels", "3"},
      {"image_size", "224", sides_of_image}, {"patch_size", "16", sides_of_patch}, {"classes", "", classes_of_head},
      {"pooled_width", "", width_of_pooler}, {"epsilon", "1e-12"}, {"query_key_value_bias", "true"},
      {"activation", "gelu", function}, {"pooler_act", "tanh", function_of_pooler}, {"rows", "1", rows_of_images}}},
    {"deit", "deit", image_encoder,
     {"DeiTForImageClassification", "DeiTForImageClassificationWithTeacher", "DeiTModel"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"hidden", "3072"}, {"channels", "3"},
      {"image_size", "224", sides_of_image}, {"patch_size", "16", sides_of_patch}, {"classes", "", classes_of_head},
      {"has_teacher", "", has_teacher}, {"pooled_width", "", width_of_pooler}, {"epsilon", "1e-12"},
      {"query_key_value_bias", "true"}, {"activation", "gelu", function}, {"pooler_act", "tanh", function_of_pooler},
      {"rows", "2", rows_of_images}}},
    {"audio-spectrogram-transformer", "audio_spectrogram_transformer", spectrogram_encoder,
     {"ASTForAudioClassification", "ASTModel"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"hidden", "3072"}, {"mel_bins", "128"},
      {"time", "1024"}, {"patch_size", "16", sides_of_patch}, {"frequency_stride", "10"}, {"time_stride", "10"},
      {"classes", "", classes_of_head}, {"epsilon", "1e-12"}, {"query_key_value_bias", "true"},
      {"activation", "gelu", function}, {"rows", "2", rows_of_spectrograms}}},
    {"patchtst", "patchtst", series_encoder,
     {"PatchTSTForClassification", "PatchTSTForRegression", "PatchTSTForPrediction", "PatchTSTModel"},
     {{"layers", "3"}, {"width", "128"}, {"heads", "4"}, {"hidden", "512"}, {"channels", "1"}, {"length", "32"},
      {"patch_length", "1"}, {"patch_step", "1"}, {"num_targets", "", head_of_series},
      {"use_cls_token", "false", class_token_of_channels}, {"norm_type", "batchnorm", norm_of_series},
      {"norms_before", "true"}, {"bias", "true", bias_of_feed_forward}, {"epsilon", "1e-5"},
      {"activation", "gelu", function}, {"scaling", "std", scaling_of_series},
      {"pooling_type", "mean", pooling_of_series}, {"positional_encoding_type", "sincos", positions_of_series},
      {"channel_attention", "false", only}, {"share_embedding", "true", only}, {"rows", "", rows_of_series}}},
};
// clang-format on

}  // namespace importing
