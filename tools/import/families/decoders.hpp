// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../decoder_readings.hpp"

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
    {"gptj", "gptj", decoder, {"GPTJForCausalLM"},
     {{"layers", "28"}, {"width", "4096"}, {"heads", "16"}, {"rotary_width", "64", rotary_columns}, {"hidden"},
      {"vocabulary", "50400"}, {"context", "2048"}, {"epsilon", "1e-5"}, {"tied", "false"},
      {"activation", "gelu_new", function}, {"rotary", "true", only}, {"scale_attn_weights", "true", only}}},
    {"gpt_neox", "gpt_neox", decoder, {"GPTNeoXForCausalLM"},
     {{"layers", "44"}, {"width", "6144"}, {"heads", "64"}, {"rotary_width", "0.25", rotary_width},
      {"hidden", "24576"}, {"vocabulary", "50432"}, {"context", "2048"}, {"theta", "10000.0"}, {"epsilon", "1e-5"},
      {"tied", "false"}, {"attention_bias", "true"}, {"parallel", "true"}, {"activation", "gelu", function},
      {"rotary_scaling", "", frequencies}}},
    {"gpt_bigcode", "gpt_bigcode", decoder, {"GPTBigCodeForCausalLM"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"key_value_heads", "", multi_query}, {"hidden"},
      {"vocabulary", "50257"}, {"context", "1024"}, {"epsilon", "1e-5"}, {"scales_scores", "true"}, {"tied", "true"},
      {"activation", "gelu_pytorch_tanh", function}}},
    {"opt", "opt", decoder, {"OPTForCausalLM"},
     {{"layers", "12"}, {"width", "768"}, {"heads", "12"}, {"embedding_width", "", table_width}, {"hidden", "3072"},
      {"vocabulary", "50272"}, {"context", "2048"}, {"norms_first", "true"},
      {"has_final_norm", "_remove_final_layer_norm", unless}, {"has_bias", "true"}, {"norms_have_weights", "true"},
      {"tied", "true"}, {"activation", "relu", function}}},
    // ALiBi has no longest text.
    {"bloom", "bloom", decoder, {"BloomForCausalLM"},
     {{"layers", "2"}, {"width", "64"}, {"heads", "8"}, {"vocabulary", "250880"}, {"context", "2048", any_context},
      {"epsilon", "1e-5"}, {"adds_to_the_norm", "false"}, {"tied", "true"}}},
    // What the published code does not read is ignored. A file that has tensors for it is not loaded.
    {"mpt", "mpt", decoder, {"MptForCausalLM"},
     {{"layers", "24"}, {"width", "2048"}, {"heads", "16"}, {"vocabulary", "50368"}, {"context", "2048", any_context},
      {"epsilon", "1e-5"}, {"score_scale", "0.0", number_or_none}, {"largest_projection", "0.0", number_or_none},
      {"tied", "true"}, {"norm_type", "low_precision_layernorm", layer_norms}, {"attn_config.alibi", "true", only},
      {"attn_config.alibi_bias_max", "8", only}, {"attn_config.attn_type", "\"multihead_attention\"", only},
      {"attn_config.prefix_lm", "false", only}, {"attn_config.attn_uses_sequence_id", "false", only},
      {"attn_config.attn_impl", "", ignored}, {"attn_config.qk_ln", "", ignored}, {"expansion_ratio", "", ignored},
      {"no_bias", "", ignored}, {"learned_pos_emb", "", ignored}, {"embedding_fraction", "", ignored},
      {"init_config", "", ignored}, {"init_device", "", ignored}, {"verbose", "", ignored},
      {"tokenizer_name", "", ignored}, {"attn_config", "", ignored_in_object}}},
    {"falcon", "falcon", decoder, {"FalconForCausalLM"},
     {{"layers", "32"}, {"width", "4544"}, {"heads", "71"}, {"key_value_heads", "", falcon_key_value_heads}, {"hidden"},
      {"vocabulary", "65024"}, {"context", "2048"}, {"theta", "10000.0"}, {"epsilon", "1e-5"},
      {"parallel_norms", "", falcon_norms}, {"has_alibi", "false"}, {"has_bias", "false"}, {"tied", "true"},
      {"activation", "gelu", function}, {"rotary_scaling", "", frequencies},
      {"apply_residual_connection_post_layernorm", "false", only}}},
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
