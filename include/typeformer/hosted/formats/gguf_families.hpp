// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>
#include <string_view>

#include <typeformer/hosted/formats/gguf_name_rules.hpp>

namespace typeformer {

/// The families whose tensors llama.cpp names (gguf-py, tensor_mapping.py; what it changes: convert_hf_to_gguf.py).
inline constexpr gguf_family gguf_families[] = {
    {"llama", "llama", {}, detail::names_of_model_layers, true},
    {"llama", "mistral", {}, detail::names_of_model_layers, true},
    {"qwen2", "qwen2", {}, detail::names_of_model_layers},
    {"qwen3", "qwen3", {}, detail::names_of_model_layers},
    {"gemma", "gemma", {}, detail::names_of_model_layers, false, 1},
    {"gemma2", "gemma2", detail::names_of_four_norms, detail::names_of_model_layers, false, 1},
    {"gemma3", "gemma3_text", detail::names_of_four_norms, detail::names_of_model_layers, false, 1},
    {"olmo2", "olmo2", detail::names_of_four_norms, detail::names_of_model_layers},
    {"olmo", "olmo", {}, detail::names_of_model_layers, true},
    {"granite", "granite", {}, detail::names_of_model_layers, true},
    {"smollm3", "smollm3", {}, detail::names_of_model_layers, true},
    {"stablelm", "stablelm", {}, detail::names_of_model_layers},
    {"nemotron", "nemotron", {}, detail::names_of_model_layers, false, 1},
    {"command-r", "cohere", {}, detail::names_of_model_layers},
    {"phi2", "phi", detail::names_of_phi2, detail::names_of_model_layers},
    {"phi3", "phi3", detail::names_of_phi3, detail::names_of_model_layers},
    {"starcoder2", "starcoder2", detail::names_of_starcoder2, detail::names_of_model_layers},
    {"gpt2", "gpt2", detail::names_of_gpt2_matrices, detail::names_of_gpt2},
    {"starcoder", "gpt_bigcode", {}, detail::names_of_gpt2},
    {"gptneox", "gpt_neox", {}, detail::names_of_gpt_neox},
    {"bloom", "bloom", {}, detail::names_of_bloom},
    {"mpt", "mpt", {}, detail::names_of_mpt},
    {"bert", "bert", {}, detail::names_of_bert},
    {"t5", "t5", {}, detail::names_of_t5},
};

/// The family of that architecture, or null.
constexpr const gguf_family* family_of_architecture(std::string_view architecture) {
  for (const gguf_family& family : gguf_families)
    if (family.architecture == architecture) return &family;
  return nullptr;
}
/// The family of that `model_type`, or null.
constexpr const gguf_family* family_of_model_type(std::string_view model_type) {
  for (const gguf_family& family : gguf_families)
    if (family.model_type == model_type) return &family;
  return nullptr;
}

}  // namespace typeformer
