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
      {"is_encoder_decoder", "true", only}}},
};
// clang-format on

}  // namespace importing
