// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <string_view>

#include <typeformer/text/published_splitters.hpp>

namespace typeformer {

/// How the words of a byte-level vocabulary are split, by the name that a GGUF file has under `tokenizer.ggml.pre`.
struct gguf_splitter {
  std::string_view name;
  std::array<std::string_view, 6> expressions{};  ///< one after the other; what each matches is a part
  bool ignores_merges = false;                    ///< a word that is a token is not split
  bool adds_begin = false;                        ///< unless the file says otherwise
  bool composes = false;                          ///< the text is normalized to NFC first
  bool mask_strips_left = false;                  ///< the mask token takes the space before it
};

namespace detail {

namespace splitting {

inline constexpr std::string_view gpt2 = published_splitter::gpt2, llama3 = published_splitter::llama3,
                                  qwen2 = published_splitter::qwen2;
inline constexpr std::string_view number = R"(\p{N})", numbers = R"(\p{N}+)", three_digits = "[0-9][0-9][0-9]",
                                  up_to_three = R"(\p{N}{1,3})", line_end = R"([\r\n])";
/// Scripts of East Asia, as DeepSeek's files list them.
inline constexpr std::string_view deepseek_scripts = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+",
                                  ideographs_and_kana = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";
inline constexpr std::string_view deepseek_letters = R"(\s?\p{L}+)", deepseek_marks = R"(\s?\p{P}+)",
                                  deepseek_llm_marks =
                                      "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
                                  spaces_at_end = R"(\s+$)";
inline constexpr std::string_view deepseek_llm_letters =
    "\\s?[A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF\u0370-\u0373"
    "\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481\u048A-\u052F"
    "\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77"
    "\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D"
    "\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB"
    "\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128"
    "\u212A-\u212D\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4"
    "\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF"
    "\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A\U00010400-\U0001044F\U000104B0-\U000104D3"
    "\U000104D8-\U000104FB\U00010C80-\U00010CB2\U00010CC0-\U00010CF2\U000118A0-\U000118DF\U0001E900-\U0001E943]+";
inline constexpr std::string_view deepseek3 =
    R"re([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)re";
inline constexpr std::string_view qwen35 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view tekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view gpt4o =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view bailing =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)";
inline constexpr std::string_view seed_coder =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+)";
inline constexpr std::string_view exaone_moe =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+)";
inline constexpr std::string_view bloom = " ?[^(\\s|[.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C])]+";
inline constexpr std::string_view falcon_punctuation = R"([\p{P}$+<=>^~|`]+)", punctuation = R"([\p{P}$+<=>^~|]+)";

}  // namespace splitting

}  // namespace detail

/// The splitters that are supported. Their expressions are those of the models' `tokenizer.json`; llama.cpp has the same
/// or ones that are equivalent to them (llama-vocab.cpp).
inline constexpr auto gguf_splitters = [] {
  namespace by = detail::splitting;
  constexpr bool yes = true, no = false;
  return std::to_array<gguf_splitter>({
      {"default", {by::punctuation, by::gpt2, by::numbers, by::three_digits}},
      {"gpt-2", {by::gpt2}},
      {"phi-2", {by::gpt2}},
      {"jina-es", {by::gpt2}},
      {"jina-de", {by::gpt2}},
      {"roberta-bpe", {by::gpt2}, no, no, no, yes},
      {"jina-v2-es", {by::gpt2}, no, no, no, yes},
      {"jina-v2-de", {by::gpt2}, no, no, no, yes},
      {"jina-v2-code", {by::gpt2}, no, no, no, yes},
      {"jina-v1-en", {by::gpt2}},
      {"modern-bert", {by::gpt2}, no, no, yes, yes},
      {"gigachat", {by::gpt2}},
      {"a.x-4.0", {by::gpt2}},
      {"mellum", {by::gpt2}},
      {"exaone4", {by::gpt2}},
      {"jais", {by::gpt2}},
      {"trillion", {by::gpt2}},
      {"granite-docling", {by::gpt2}},
      {"mpt", {by::gpt2}, no, no, yes},
      {"olmo", {by::gpt2}, no, no, yes},
      {"starcoder", {by::number, by::gpt2}},
      {"refact", {by::number, by::gpt2}},
      {"command-r", {by::number, by::gpt2}, no, no, yes},
      {"smollm", {by::number, by::gpt2}},
      {"codeshell", {by::number, by::gpt2}},
      {"exaone", {by::number, by::gpt2}},
      {"minerva-7b", {by::number, by::gpt2}},
      {"mellum2", {by::number, by::gpt2}},
      {"falcon", {by::falcon_punctuation, by::gpt2, by::three_digits}},
      {"llama-bpe", {by::llama3}, yes, yes},
      {"llama3", {by::llama3}, yes, yes},
      {"llama-v3", {by::llama3}, yes, yes},
      {"falcon3", {by::llama3}, yes, yes},
      {"falcon-h1", {by::llama3}, yes, yes},
      {"pixtral", {by::llama3}, yes, yes},
      {"midm-2.0", {by::llama3}, yes, yes},
      {"lfm2", {by::llama3}, yes, yes},
      {"dbrx", {by::llama3}},
      {"smaug-bpe", {by::llama3}},
      {"glm4", {by::llama3}},
      {"chatglm-bpe", {by::llama3}},
      {"qwen2", {by::qwen2}, no, no, yes},
      {"deepseek-r1-qwen", {by::qwen2}},
      {"stablelm2", {by::qwen2}},
      {"megrez", {by::qwen2}},
      {"hunyuan", {by::qwen2}},
      {"grok-2", {by::qwen2}},
      {"solar-open", {by::qwen2}},
      {"qwen35", {by::qwen35}, no, no, yes},
      {"tekken", {by::tekken}, yes, yes},
      {"gpt-4o", {by::gpt4o}},
      {"llama4", {by::gpt4o}},
      {"kanana2", {by::gpt4o}},
      {"minimax-m2", {by::gpt4o}},
      {"bailingmoe", {by::bailing}},
      {"bailingmoe2", {by::bailing}},
      {"llada-moe", {by::bailing}},
      {"seed-coder", {by::seed_coder}},
      {"exaone-moe", {by::exaone_moe}},
      {"bloom", {by::bloom}},
      {"poro-chat", {by::bloom}},
      {"gpt3-finnish", {by::bloom}},
      {"viking", {by::bloom, by::number}},
      {"deepseek-llm",
       {by::line_end, by::deepseek_llm_letters, by::deepseek_llm_marks, by::spaces_at_end, by::deepseek_scripts,
        by::number}},
      {"deepseek-coder", {by::line_end, by::deepseek_letters, by::deepseek_marks, by::deepseek_scripts, by::number}},
      {"deepseek-v3", {by::up_to_three, by::ideographs_and_kana, by::deepseek3}},
      {"hunyuan-dense", {by::up_to_three, by::ideographs_and_kana, by::deepseek3}},
      {"joyai-llm", {by::up_to_three, by::ideographs_and_kana, by::deepseek3}},
  });
}();

/// The splitter of that name, or null.
constexpr const gguf_splitter* splitter_of(std::string_view name) {
  for (const gguf_splitter& each : gguf_splitters)
    if (each.name == name) return &each;
  return nullptr;
}

}  // namespace typeformer
