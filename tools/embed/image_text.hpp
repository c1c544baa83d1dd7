// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedding {

/// What the header of an image says beside the size of its weights.
struct image_facts {
  std::string name, header, format;  ///< of the type, the file that declares it, and the type of its weights
  std::string runner;                ///< what runs it, `session` or `forward_pass`
  std::int64_t lanes = 1, words = 0;
  std::vector<std::int32_t> input;
  std::vector<float> output, cache_scales;  ///< no scales: the cache is float32
  std::uint32_t checksum = 0;
};

/// Text in the manner of `printf`.
template <class... Values> std::string printed(const char* form, Values... values) {
  char text[64];
  return {text, std::size_t(std::snprintf(text, sizeof text, form, values...))};
}

template <class Number> std::string listed(const std::vector<Number>& numbers, const char* form, std::size_t in_line) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i % in_line == 0 && i > 0) text += "\n     ";
    text += printed(form, numbers[i]);
    if (i + 1 < numbers.size()) text += i % in_line + 1 < in_line ? ", " : ",";
  }
  return text;
}

/// Source of GNU's and LLVM's assemblers for every processor: `NAME_words`, an array in read-only memory.
inline std::string assembly_text(const std::string& name, std::span<const float> words) {
  std::string text = "/* Weights of " + name + ". Written by typeformer-import --embed. */\n  .section .rodata." +
                     name + "_words,\"a\"\n  .balign 64\n  .global " + name + "_words\n" + name + "_words:";
  text.reserve(text.size() + words.size() * 12);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::uint32_t word;
    std::memcpy(&word, &words[i], sizeof word);
    text += printed(i % 8 == 0 ? "\n  .long 0x%08x" : ", 0x%08x", unsigned(word));
  }
  return text + "\n";
}

/// A number that golden and recomputed outputs may differ by: a processor of another kind fuses other operations, and
/// where activations are quantized, a number near a half may be rounded to the other side.
inline float tolerance_of(const image_facts& facts) {
  float largest = 0;
  for (const float x : facts.output) largest = std::fmax(largest, std::fabs(x));
  const bool quantizes = facts.format.find("int") != std::string::npos || !facts.cache_scales.empty();
  return (quantizes ? 2e-2f : 1e-4f) * std::fmax(largest, 1.0f);
}

inline constexpr std::string_view image_form =
    R"(// @name@ in flash, with weights of type @format@. Written by typeformer-import --embed together with
// @name@_weights.S, which a program is linked with.
//
//   static typeformer::@runner@<@name@, @cache option@typeformer::reads<@name@_weights>, typeformer::storage::in_place> run{@name@_weights{}};
//   const auto passed = typeformer::self_test<@name@_image>(run);  // otherwise the flash or the processor is broken
#pragma once
#include <cstdint>

@cache header@#include <typeformer/parameters/@order@.hpp>
#include <typeformer/session/embedded_weights.hpp>
#include <typeformer/session/self_test.hpp>

#include "@header@"

extern "C" const float @name@_words[];

struct @name@_image {
  using model = @name@;
  using format = @format@;
  static constexpr typeformer::index_type lanes = @lanes@;  ///< floats in a vector of the processor
  static constexpr typeformer::index_type words = @words@;
  static constexpr std::uint32_t checksum = @checksum@;
  static constexpr std::int32_t golden_input[] = {@input@};
  /// Of the last token.
  static constexpr float golden_output[] = {
      @output@};
  static constexpr float tolerance = @tolerance@;
@cache scales@  static const float* data() { return @name@_words; }
};

/// What sessions and forward passes read.
using @name@_weights = typeformer::embedded_weights<@name@_image>;
@cache@)";

/// What `NAME_image.hpp` says of the cache of a session.
struct cache_text {
  std::string option, header, scales, declaration;

  explicit cache_text(const image_facts& facts) {
    if (facts.runner != "session") return;
    const bool has_scales = !facts.cache_scales.empty();
    option = facts.name + "_cache, ";
    if (has_scales) {
      header = "#include <typeformer/execution/narrow_cache.hpp>\n";
      scales = "  static constexpr float cache_scales[] = {\n      " + listed(facts.cache_scales, "%.8ef", 8) + "};\n";
    }
    declaration = "/// The format of cached keys and values that the golden output was computed with.\nusing " +
                  facts.name + "_cache = typeformer::cache_in<" +
                  (has_scales ? "typeformer::int8<typeformer::fixed_scales<" + facts.name + "_image::cache_scales>>"
                              : std::string("float")) +
                  ">;\n";
  }
};

/// The header `NAME_image.hpp`.
inline std::string image_text(const image_facts& facts) {
  const cache_text cache{facts};
  const std::pair<std::string_view, std::string> values[] = {
      {"@cache option@", cache.option},
      {"@cache header@", cache.header},
      {"@cache scales@", cache.scales},
      {"@cache@", cache.declaration},
      {"@name@", facts.name},
      {"@format@", facts.format},
      {"@runner@", facts.runner},
      {"@order@", facts.format == "float" ? "weights_order" : "narrow_weights_order"},
      {"@header@", facts.header},
      {"@lanes@", std::to_string(facts.lanes)},
      {"@words@", std::to_string(facts.words)},
      {"@checksum@", printed("0x%08xu", unsigned(facts.checksum))},
      {"@input@", listed(facts.input, "%d", 16)},
      {"@output@", listed(facts.output, "%.8ef", 8)},
      {"@tolerance@", printed("%.8ef", double(tolerance_of(facts)))}};
  std::string text{image_form};
  for (const auto& [mark, value] : values)
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
      text.replace(at, mark.size(), value);
  return text;
}

}  // namespace embedding
