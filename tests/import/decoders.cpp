// SPDX-License-Identifier: BSL-1.0
#include <import/read_model.hpp>

#include <string>

#include <support/catch.hpp>

#include "texts.hpp"

// Keys of single families of decoders.
namespace {

/// The type that a config.json becomes, or the error.
std::string type_of(const std::string& family, const std::string& keys) {
  const std::string json = R"({"model_type": ")" + family + "\"" + (keys.empty() ? "" : ", ") + keys + "}";
  const auto model = importing::read_model(json, "config.json", {.name = "imported"});
  return model ? model->type() : model.error().message();
}

}  // namespace

TEST_CASE("makes one type of older and newer spellings of rotary positions") {
  for (const char* const family : {"llama", "mistral", "qwen2", "qwen3", "smollm3", "granite", "helium", "glm", "gemma",
                                   "gemma2", "olmo", "olmo2", "cohere", "stablelm", "nemotron", "starcoder2", "phi"}) {
    INFO(family);
    const std::string plain =
        type_of(family, R"("rope_parameters": {"rope_theta": 500.0, "rope_type": "default"}, "dtype": "float32")");
    check_text(plain, {.holds = ".theta = 500.0"});
    CHECK(type_of(family, R"("rope_theta": 500, "rope_scaling": null, "torch_dtype": "float32")") == plain);
    for (const char* const scaling : {R"("factor": 3)", R"("factor": 3.0, "low_freq_factor": 1, "high_freq_factor": 4)",
                                      R"("factor": 3, "original_max_position_embeddings": 16)"}) {
      const std::string kind = std::string(scaling).find("low") != std::string::npos        ? "llama3"
                               : std::string(scaling).find("original") != std::string::npos ? "yarn"
                                                                                            : "linear";
      INFO(kind);
      const std::string scaled =
          type_of(family, R"("rope_parameters": {"rope_theta": 500.0, "rope_type": ")" + kind + "\", " + scaling + "}");
      check_text(scaled, {.holds = kind == "linear" ? "position_divisor<3.0>" : kind + "_frequencies<3.0"});
      CHECK(type_of(family, R"("rope_theta": 500, "rope_scaling": {"type": ")" + kind + "\", " + scaling + "}") ==
            scaled);
    }
  }
  for (const char* const family : {"glm", "stablelm", "nemotron", "phi", "phi3", "gpt_neox"})
    CHECK(type_of(family, R"("rope_parameters": {"rope_theta": 500, "partial_rotary_factor": 0.75})") ==
          type_of(family, family == std::string("gpt_neox") ? R"("rotary_emb_base": 500, "rotary_pct": 0.75)"
                                                            : R"("rope_theta": 500, "partial_rotary_factor": 0.75)"));
  CHECK(type_of("gemma3_text", R"("rope_parameters": {
            "full_attention": {"rope_theta": 500.0, "rope_type": "linear", "factor": 8},
            "sliding_attention": {"rope_theta": 300.0, "rope_type": "default"}})") ==
        type_of("gemma3_text", R"("rope_theta": 500, "rope_local_base_freq": 300,
                                  "rope_scaling": {"rope_type": "linear", "factor": 8.0})"));
}

TEST_CASE("makes one type of heads that are given and that follow from other keys") {
  CHECK(type_of("llama", R"("head_dim": 128, "num_key_value_heads": 32)") == type_of("llama", ""));
  check_text(type_of("llama", R"("head_dim": 96)"), {.holds = ".head_width = 96"});
  check_text(type_of("mistral", ""), {.holds = ".key_value_heads = 8"});
  check_text(type_of("mistral", R"("num_key_value_heads": null)"), {.holds = ".key_value_heads = 32"});
  check_text(type_of("gpt_bigcode", ""), {.holds = ".key_value_heads = 1,"});
  check_text(type_of("gpt_bigcode", R"("num_key_value_heads": 2)"),
             {.ends = "\"num_key_value_heads\" = 2 is not supported: expected 1, as multi_query says"});
  check_text(type_of("falcon", R"("multi_query": true, "num_kv_heads": 71)"), {.holds = ".key_value_heads = 1,"});
  check_text(type_of("falcon", R"("multi_query": false, "num_kv_heads": 2)"),
             {.ends = "\"num_kv_heads\" = 2 is not supported: expected 71, without multi_query"});
}

TEST_CASE("rejects rotary positions that are not supported or make no sense") {
  CHECK(type_of("phi3", R"("rope_scaling": {"type": "longrope", "short_factor": [1], "long_factor": [2]})") ==
        "config.json: key \"rope_scaling.type\" = \"longrope\" is not supported: expected \"default\"");
  check_text(type_of("llama", R"("partial_rotary_factor": 0.5)"), {.holds = "\"partial_rotary_factor\" = 0.5"});
  CHECK(type_of("llama", R"("partial_rotary_factor": 1.0)") == type_of("llama", ""));
  check_text(type_of("glm", R"("partial_rotary_factor": 1.5)"), {.holds = "a part of the 128 columns of a head"});
  CHECK(type_of("glm", R"("head_dim": 6)") ==
        "config.json: the rotated part of a head: expected an even number, for rotary positions, found 3");
  check_text(type_of("gptj", R"("rotary_dim": 258)"), {.holds = "\"rotary_dim\": expected no more than"});
  check_text(type_of("llama", R"("rope_scaling": {"type": "llama3", "factor": 8, "low_freq_factor": 4,
                                                 "high_freq_factor": 4})"),
             {.holds = "\"rope_scaling.high_freq_factor\": expected more than the low_freq_factor, found 4"});
  check_text(type_of("llama", R"("rope_scaling": {"type": "llama3", "factor": 8})"),
             {.holds = "\"rope_scaling.low_freq_factor\" or "});
  check_text(type_of("llama", R"("rope_scaling": {"type": "yarn", "factor": 8, "beta_fast": 1, "beta_slow": 2})"),
             {.holds = "\"rope_scaling.beta_fast\": expected no less than beta_slow, found 1"});
  check_text(type_of("gemma3_text", R"("rope_parameters": {"sliding_attention": {"rope_type": "linear"}})"),
             {.holds = "\"rope_parameters.sliding_attention.rope_type\" = \"linear\" is not supported"});
  check_text(type_of("smollm3", R"("num_hidden_layers": 2, "no_rope_layers": [1])"),
             {.holds = "\"no_rope_layers\": expected 0 or 1 for each of 2 layers, found [1]"});
}

TEST_CASE("gives windows to the layers that have them") {
  check_text(type_of("mistral", ""), {.holds = "sliding_window<4096>"});
  check_text(type_of("mistral", R"("sliding_window": null)"), {.holds = "no_window"});
  check_text(type_of("starcoder2", ""), {.holds = "no_window"});
  check_text(type_of("qwen2", ""), {.holds = "no_window"});
  check_text(type_of("qwen2", R"("num_hidden_layers": 3, "use_sliding_window": true, "max_window_layers": 2)"),
             {.holds = "listed_windows<0, 0, 4096>"});
  check_text(type_of("qwen2", R"("num_hidden_layers": 1, "layer_types": ["sliding_attention"])"),
             {.holds = "\"layer_types\" = [\"sliding_attention\"] is not supported: expected a list of "
                       "\"full_attention\", for there is no window"});
  check_text(type_of("qwen3", R"("num_hidden_layers": 2, "layer_types": ["full_attention"])"),
             {.ends = "\"layer_types\": expected one for each of 2 layers, found 1"});
  check_text(type_of("gemma2", R"("num_hidden_layers": 3, "sliding_window": 5)"), {.holds = "listed_windows<5, 0, 5>"});
  check_text(type_of("gemma3_text", R"("num_hidden_layers": 7, "sliding_window": 5)"),
             {.holds = "listed_windows<5, 5, 5, 5, 5, 0, 5>"});
}

TEST_CASE("rejects what a family does not compute, by name") {
  CHECK(type_of("falcon", R"("new_decoder_architecture": true, "parallel_attn": false)") ==
        "config.json: key \"parallel_attn\" = false is not supported: expected true, with new_decoder_architecture");
  CHECK(type_of("falcon", R"("num_ln_in_parallel_attn": 2)") ==
        "config.json: key \"num_ln_in_parallel_attn\" = 2 is not supported: expected 1");
  check_text(type_of("mpt", R"("attn_config": {"alibi": false})"),
             {.ends = "\"attn_config.alibi\" = false is not supported: expected true"});
  check_text(type_of("mpt", R"("attn_config": {"rope": true})"), {.holds = "\"attn_config.rope\" = true"});
  check_text(type_of("mpt", R"("logit_scale": 0.5)"), {.holds = "\"logit_scale\" = 0.5 is not supported"});
  check_text(type_of("mpt", R"("norm_type": "rmsnorm")"), {.holds = "\"norm_type\" = \"rmsnorm\" is not supported"});
  CHECK(type_of("mpt", R"("attn_config": {"attn_impl": "triton", "id2label": {"0": "A"}, "qk_ln": false},
                          "init_config": {"name": "kaiming_normal_", "nested": {"gain": 2}}, "expansion_ratio": 4)") ==
        type_of("mpt", ""));
  check_text(type_of("gemma", R"("hidden_act": "gelu", "hidden_activation": "relu")"),
             {.holds = "\"hidden_act\" = \"gelu\" is not supported: expected what hidden_activation says"});
  CHECK(type_of("gemma", R"("hidden_act": "gelu", "hidden_activation": null)") == type_of("gemma", ""));
  CHECK(type_of("gemma", R"("hidden_act": "gelu", "hidden_activation": "gelu_pytorch_tanh")") == type_of("gemma", ""));
  check_text(type_of("gemma2", R"("use_bidirectional_attention": true)"),
             {.ends = "\"use_bidirectional_attention\" = true is not supported: expected false"});
  check_text(type_of("gptj", R"("rotary": false)"), {.ends = "\"rotary\" = false is not supported: expected true"});
  check_text(type_of("opt", R"("enable_bias": 1)"), {.holds = "\"enable_bias\": expected true or false, found 1"});
}
