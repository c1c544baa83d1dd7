// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../readings.hpp"

namespace importing {

// clang-format off
/// Encoders that can be imported, with the defaults of their published code.
inline constexpr family encoders[] = {
    {"bert", "bert", encoder, {"BertForPreTraining", "BertForMaskedLM"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"hidden", "3072"}, {"vocabulary", "30522"},
      {"context", "512"}, {"segments", "2"}, {"epsilon", "1e-12"}, {"padding_id", "0", padding},
      {"classifies_pairs", "", both_heads}, {"tied", "true"}, {"activation", "gelu", function},
      {"position_embedding_type", "\"absolute\"", only}}},
    {"roberta", "roberta", encoder, {"RobertaForMaskedLM"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"hidden", "3072"}, {"vocabulary", "50265"},
      {"segments", "2"}, {"context", "512"}, {"epsilon", "1e-12"}, {"padding_id", "1", padding_before_text},
      {"tied", "true"}, {"activation", "gelu", function}, {"position_embedding_type", "\"absolute\"", only}}},
    {"albert", "albert", encoder, {"AlbertForPreTraining", "AlbertForMaskedLM"},
     {{"layers", "12"}, {"width", "4096"}, {"heads", "64"}, {"embedding_width", "128"}, {"groups", "1"},
      {"layers_in_group", "1"}, {"hidden", "16384"}, {"vocabulary", "30000"}, {"context", "512"}, {"segments", "2"},
      {"epsilon", "1e-12"}, {"padding_id", "0", padding}, {"classifies_pairs", "", both_heads}, {"tied", "true"},
      {"activation", "gelu_new", function}, {"position_embedding_type", "\"absolute\"", only}}},
};
// clang-format on

}  // namespace importing
