// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>
#include <string_view>

#include <typeformer/hosted/formats/gguf_decoder_names.hpp>
#include <typeformer/hosted/formats/gguf_encoder_names.hpp>
#include <typeformer/hosted/formats/gguf_family.hpp>
#include <typeformer/hosted/formats/gguf_settings.hpp>

namespace typeformer {

namespace detail {

/// A decoder with Llama's names.
constexpr gguf_family gguf_decoder(std::string_view architecture, std::string_view model_type,
                                   std::span<const gguf_name_rule> first = {},
                                   std::span<const gguf_setting> settings = {}) {
  return {.architecture = architecture,
          .model_type = model_type,
          .body = "model",
          .first = first,
          .rest = names_of_layers,
          .settings = settings};
}
constexpr gguf_family rotating_adjacently(gguf_family family) { return family.rotates_adjacently = true, family; }
constexpr gguf_family adding_1_to_norms(gguf_family family) { return family.added_to_norms = 1, family; }
constexpr gguf_family without_output(gguf_family family) { return family.has_output = false, family; }
constexpr gguf_family rotating_part(double part, gguf_family family) { return family.rotated_part = part, family; }

/// A decoder with names of its own.
constexpr gguf_family gguf_decoder_of(std::string_view architecture, std::string_view model_type, std::string_view body,
                                      std::span<const gguf_name_rule> first, std::span<const gguf_name_rule> rest,
                                      std::span<const gguf_setting> settings = {}) {
  return {.architecture = architecture,
          .model_type = model_type,
          .body = body,
          .first = first,
          .rest = rest,
          .settings = settings};
}
constexpr gguf_family gguf_encoder(std::string_view architecture, std::string_view model_type, std::string_view body,
                                   std::span<const gguf_name_rule> first, std::span<const gguf_name_rule> rest,
                                   std::span<const std::string_view> unused, std::span<const gguf_setting> settings) {
  return {.architecture = architecture,
          .model_type = model_type,
          .body = body,
          .first = first,
          .rest = rest,
          .unused = unused,
          .settings = settings};
}
constexpr gguf_family gguf_t5(std::string_view architecture, std::string_view model_type,
                              std::string_view only_for = {}) {
  return {.architecture = architecture,
          .model_type = model_type,
          .body = {},
          .first = {},
          .rest = names_of_t5,
          .settings = settings_of_t5,
          .only_for = only_for};
}

}  // namespace detail

/// The families whose tensors llama.cpp names (gguf-py, constants.py and tensor_mapping.py), with what its converter
/// changes in them (convert_hf_to_gguf.py).
inline constexpr gguf_family gguf_families[] = {
    detail::rotating_adjacently(detail::gguf_decoder("llama", "llama")),
    detail::rotating_adjacently(detail::gguf_decoder("llama", "mistral", {}, detail::settings_of_windows)),
    detail::gguf_decoder("qwen2", "qwen2"),
    detail::gguf_decoder("qwen3", "qwen3"),
    detail::without_output(detail::adding_1_to_norms(detail::gguf_decoder("gemma", "gemma"))),
    detail::without_output(detail::adding_1_to_norms(
        detail::gguf_decoder("gemma2", "gemma2", detail::names_of_four_norms, detail::settings_of_gemma2))),
    detail::adding_1_to_norms(
        detail::gguf_decoder("gemma3", "gemma3_text", detail::names_of_four_norms, detail::settings_of_gemma3)),
    detail::gguf_decoder("olmo2", "olmo2", detail::names_of_four_norms),
    detail::rotating_adjacently(detail::gguf_decoder("olmo", "olmo", {}, detail::settings_of_olmo)),
    detail::rotating_adjacently(detail::gguf_decoder("granite", "granite", {}, detail::settings_of_granite)),
    detail::rotating_adjacently(detail::gguf_decoder("smollm3", "smollm3")),
    detail::rotating_part(0.25, detail::gguf_decoder("stablelm", "stablelm", detail::names_of_norms_of_heads,
                                                     detail::settings_of_stablelm)),
    detail::rotating_part(
        0.5, detail::adding_1_to_norms(detail::gguf_decoder("nemotron", "nemotron", {}, detail::settings_of_nemotron))),
    detail::without_output(detail::gguf_decoder("command-r", "cohere", {}, detail::settings_of_cohere)),
    detail::rotating_part(0.5, detail::gguf_decoder("chatglm", "glm", detail::names_of_glm)),
    detail::rotating_part(0.5, detail::gguf_decoder("phi2", "phi", detail::names_of_phi2)),
    detail::gguf_decoder("phi3", "phi3", detail::names_of_fused_layers, detail::settings_of_phi3),
    detail::gguf_decoder("starcoder2", "starcoder2", detail::names_of_starcoder2, detail::settings_of_windows),
    detail::gguf_decoder_of("gpt2", "gpt2", "transformer", detail::names_of_transposed_matrices, detail::names_of_gpt2),
    detail::gguf_decoder_of("starcoder", "gpt_bigcode", "transformer", {}, detail::names_of_gpt2),
    detail::gguf_decoder_of("gptj", "gptj", "transformer", {}, detail::names_of_gptj),
    detail::rotating_part(0.25, detail::gguf_decoder_of("gptneox", "gpt_neox", "gpt_neox", {},
                                                        detail::names_of_gpt_neox, detail::settings_of_gpt_neox)),
    detail::gguf_decoder_of("bloom", "bloom", "transformer", detail::names_of_bloom, detail::names_of_word_embeddings),
    detail::gguf_decoder_of("falcon", "falcon", "transformer", detail::names_of_falcon_with_two_norms,
                            detail::names_of_word_embeddings, detail::settings_of_falcon),
    detail::gguf_decoder_of("mpt", "mpt", "transformer", {}, detail::names_of_mpt, detail::settings_of_mpt),
    detail::gguf_encoder("bert", "bert", "bert", detail::names_of_bert_head, detail::names_of_bert,
                         detail::unused_of_bert, detail::settings_of_bert),
    detail::gguf_encoder("bert", "roberta", "roberta", detail::names_of_roberta_head, detail::names_of_bert,
                         detail::unused_of_roberta, detail::settings_of_roberta),
    detail::gguf_encoder("bert", "xlm-roberta", "roberta", detail::names_of_roberta_head, detail::names_of_bert,
                         detail::unused_of_roberta, detail::settings_of_roberta),
    detail::gguf_encoder("bert", "distilbert", "distilbert", {}, detail::names_of_distilbert,
                         detail::unused_of_distilbert, detail::settings_of_distilbert),
    detail::gguf_encoder("modern-bert", "modernbert", "model", {}, detail::names_of_modernbert,
                         detail::unused_of_modernbert, detail::settings_of_modernbert),
    detail::gguf_t5("t5encoder", "t5", "T5EncoderModel"),
    detail::gguf_t5("t5encoder", "mt5", "MT5EncoderModel"),
    detail::gguf_t5("t5encoder", "umt5", "UMT5EncoderModel"),
    detail::gguf_t5("t5", "t5"),
    detail::gguf_t5("t5", "mt5"),
    detail::gguf_t5("t5", "umt5"),
};

/// The family of that architecture, of several the one whose body's names begin with `body`, or the first. Null: there
/// is none.
constexpr const gguf_family* family_of_architecture(std::string_view architecture, std::string_view body = {}) {
  const gguf_family* found = nullptr;
  for (const gguf_family& family : gguf_families)
    if (family.architecture == architecture && (!found || (family.body == body && found->body != body)))
      found = &family;
  return found;
}
/// The family of that `model_type` and class of `architectures`, or null.
constexpr const gguf_family* family_of_model_type(std::string_view model_type, std::string_view class_name = {}) {
  for (const gguf_family& family : gguf_families)
    if (family.model_type == model_type && (family.only_for.empty() || family.only_for == class_name)) return &family;
  return nullptr;
}

}  // namespace typeformer
