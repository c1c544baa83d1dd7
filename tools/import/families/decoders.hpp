// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../readings.hpp"

namespace importing {

// clang-format off
/// Decoders that can be imported, with the defaults of their published code.
inline constexpr family decoders[] = {
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
};
// clang-format on

}  // namespace importing
