// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string_view>

#include "readings.hpp"

namespace importing {

// clang-format off
/// Every family that can be imported, with the defaults of its published code.
inline constexpr family families[] = {
    {"openai-gpt", "gpt", decoder, {"OpenAIGPTLMHeadModel"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"vocabulary", "40478"}, {"context", "512"},
      {"epsilon", "1e-5"}, {"tied", "true"}, {"afn", "gelu", function_of_gpt}}},
    {"gpt2", "gpt2", decoder, {"GPT2LMHeadModel"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"hidden"}, {"vocabulary", "50257"}, {"context", "1024"},
      {"epsilon", "1e-5"}, {"scales_scores", "true"}, {"scores_over_layer_number", "false"}, {"tied", "true"},
      {"activation", "gelu_new", function}, {"gpt3_attention", "", gpt3_windows}}},
    {"gpt_neo", "gpt_neo", decoder, {"GPTNeoForCausalLM"},
     {{"layers", "24"}, {"width", "2048"}, {"heads", "16"}, {"hidden"}, {"vocabulary", "50257"}, {"context", "2048"},
      {"epsilon", "1e-5"}, {"tied", "true"},
      {"activation", "gelu_new", function}, {"attention_types", "", gpt_neo_windows}}},
    {"llama", "llama", decoder, {"LlamaForCausalLM"},
     {{"layers", "32"}, {"width", "4096"}, {"heads", "32"}, {"head_width", "", shared_head_width}, {"key_value_heads"},
      {"hidden", "11008"}, {"vocabulary", "32000"}, {"context", "2048"}, {"theta", "10000.0"}, {"epsilon", "1e-6"},
      {"position_divisor", "", position_divisor}, {"tied", "false"}, {"attention_bias", "false"},
      {"activation", "silu", function}, {"mlp_bias", "false", only}}},
    // lucidrains' PaLM-pytorch, whose logits are not scaled.
    {"palm", "palm", decoder, {"palm"},
     {{"layers", required}, {"width", required}, {"heads", "8"}, {"head_width", "64"},
      {"widths_of_hidden", "4", widths_of_hidden}, {"vocabulary", required}, {"context", "2048", any_context},
      {"theta", "10000.0"}, {"epsilon", "1e-5"}, {"logit_scale", "1.0"}}},
    // Sinusoids of distances have no longest text.
    {"gopher", "gopher", decoder, {"gopher"},
     {{"layers", "8"}, {"width", "512", even}, {"heads", "16"}, {"head_width"}, {"hidden"}, {"vocabulary", "32000"},
      {"context", "2048", any_context}, {"epsilon", "1e-6"}, {"tied", "true"}, {"activation", "gelu_new", function}}},
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
    // Biases of distances have no longest text.
    {"t5", "t5", encoder_decoder, {"T5ForConditionalGeneration", "T5WithLMHeadModel"},
     {{"layers", "6"}, {"decoder_layers"}, {"width", "512"}, {"heads", "8"}, {"head_width", "64"}, {"hidden", "2048"},
      {"vocabulary", "32128"}, {"context", "512", any_context}, {"buckets", "32", even}, {"maximum_distance", "128"},
      {"epsilon", "1e-6"}, {"feed_forward_proj", "relu", gate_and_activation}, {"tied", "true"},
      {"is_encoder_decoder", "true", only}}},
};
// clang-format on

/// A row that becomes a member must name a meaning.
static_assert(std::ranges::all_of(families, [](const family& one) {
  return std::ranges::all_of(one.rows, [](const row& fact) {
    return fact.name.empty() || fact.read != set_member || meaning_of(fact.name) != nullptr;
  });
}));

}  // namespace importing
