// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../readings.hpp"

namespace importing {

// clang-format off
/// Encoder-decoders that can be imported, with the defaults of their published code.
inline constexpr family encoder_decoders[] = {
    // Biases of distances have no longest text.
    {"t5", "t5", encoder_decoder, {"T5ForConditionalGeneration", "T5WithLMHeadModel"},
     {{"layers", "6"}, {"decoder_layers"}, {"width", "512"}, {"heads", "8"}, {"head_width", "64"}, {"hidden", "2048"},
      {"vocabulary", "32128"}, {"context", "512", any_context}, {"buckets", "32", even}, {"maximum_distance", "128"},
      {"epsilon", "1e-6"}, {"feed_forward_proj", "relu", gate_and_activation}, {"tied", "true"},
      {"scales_logits", "", scaled_if_tied}, {"is_encoder_decoder", "true", only}}},
    {"mt5", "mt5", encoder_decoder, {"MT5ForConditionalGeneration"},
     {{"layers", "8"}, {"decoder_layers"}, {"width", "512"}, {"heads", "6"}, {"head_width", "64"}, {"hidden", "1024"},
      {"vocabulary", "250112"}, {"context", "512", any_context}, {"buckets", "32", even}, {"maximum_distance", "128"},
      {"epsilon", "1e-6"}, {"feed_forward_proj", "gated-gelu", gate_and_activation}, {"tied", "true"},
      {"is_encoder_decoder", "true", only}}},
    {"umt5", "umt5", encoder_decoder, {"UMT5ForConditionalGeneration"},
     {{"layers", "8"}, {"decoder_layers"}, {"width", "512"}, {"heads", "6"}, {"head_width", "64"}, {"hidden", "1024"},
      {"vocabulary", "250112"}, {"context", "512", any_context}, {"buckets", "32", even}, {"maximum_distance", "128"},
      {"epsilon", "1e-6"}, {"feed_forward_proj", "gated-gelu", gate_and_activation}, {"tied", "true"},
      {"scales_logits", "", scaled_if_tied}, {"is_encoder_decoder", "true", only}}},
    // Keys of older files say in other words what kind of model it is.
    {"bart", "bart", encoder_decoder, {"BartForConditionalGeneration", "BartModel"},
     {{"layers", "12"}, {"decoder_layers", "12"}, {"width", "1024"}, {"heads", "16"}, {"decoder_heads", "16"},
      {"hidden", "4096"}, {"decoder_hidden", "4096"}, {"vocabulary", "50265"}, {"context", "1024"},
      {"padding_id", "1", padding}, {"scales_embedding", "false"}, {"tied", "true"}, {"activation", "gelu", function},
      {"is_encoder_decoder", "true", only}, {"normalize_before", "false", only}, {"normalize_embedding", "true", only},
      {"add_final_layer_norm", "false", only}, {"static_position_embeddings", "false", only}}},
    {"mbart", "mbart", encoder_decoder, {"MBartForConditionalGeneration", "MBartModel"},
     {{"layers", "12"}, {"decoder_layers", "12"}, {"width", "1024"}, {"heads", "16"}, {"decoder_heads", "16"},
      {"hidden", "4096"}, {"decoder_hidden", "4096"}, {"vocabulary", "50265"}, {"context", "1024"},
      {"padding_id", "1", padding}, {"scales_embedding", "false"}, {"tied", "true"}, {"activation", "gelu", function},
      {"is_encoder_decoder", "true", only}, {"normalize_before", "true", only}, {"normalize_embedding", "true", only},
      {"add_final_layer_norm", "true", only}, {"static_position_embeddings", "false", only}}},
    {"pegasus", "pegasus", encoder_decoder, {"PegasusForConditionalGeneration", "PegasusModel"},
     {{"layers", "12"}, {"decoder_layers", "12"}, {"width", "1024"}, {"heads", "16"}, {"decoder_heads", "16"},
      {"hidden", "4096"}, {"decoder_hidden", "4096"}, {"vocabulary", "50265"}, {"context", "1024"},
      {"padding_id", "0", padding}, {"scales_embedding", "false"}, {"tied", "true"}, {"activation", "gelu", function},
      {"is_encoder_decoder", "true", only}, {"normalize_before", "true", only}, {"normalize_embedding", "false", only},
      {"add_final_layer_norm", "true", only}, {"static_position_embeddings", "true", only}}},
    {"marian", "marian", encoder_decoder, {"MarianMTModel", "MarianModel"},
     {{"layers", "12"}, {"decoder_layers", "12"}, {"width", "1024", even}, {"heads", "16"}, {"decoder_heads", "16"},
      {"hidden", "4096"}, {"decoder_hidden", "4096"}, {"vocabulary", "58101"}, {"decoder_vocabulary"},
      {"context", "1024"}, {"padding_id", "58100", padding}, {"scales_embedding", "false"},
      {"shares_embeddings", "true", table_of_both}, {"tied", "true"}, {"activation", "gelu", function},
      {"is_encoder_decoder", "true", only}, {"normalize_before", "false", only}, {"normalize_embedding", "false", only},
      {"add_final_layer_norm", "false", only}, {"static_position_embeddings", "true", only}}},
    {"whisper", "whisper", speech_recognizer, {"WhisperForConditionalGeneration", "WhisperModel"},
     {{"layers", "4"}, {"decoder_layers", "4"}, {"width", "384"}, {"heads", "6"}, {"decoder_heads", "6"},
      {"hidden", "1536"}, {"decoder_hidden", "1536"}, {"vocabulary", "51865"}, {"mel_bins", "80"},
      {"source_context", "1500"}, {"context", "448"}, {"padding_id", "50256", padding}, {"tied", "true"},
      {"activation", "gelu", function}, {"is_encoder_decoder", "true", only},
      {"scales_embedding", "", never_read}}},
};
// clang-format on

}  // namespace importing
