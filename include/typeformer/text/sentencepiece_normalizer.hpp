// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/charsmap.hpp>
#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/unicode.hpp>

namespace typeformer {

/// SentencePiece's normalization (Kudo and Richardson 2018, arXiv:1808.06226): rules, white space as U+2581, and the
/// pieces that users defined, which are not changed.
struct sentencepiece_normalizer {
  static constexpr std::string_view space = "\xE2\x96\x81";

  std::optional<charsmap> rules;
  prefix_search user_defined;
  bool adds_space = true, removes_extra_spaces = true, escapes_spaces = true, space_is_suffix = false;

  void apply(aligned_text& text) const {
    if (text.text.empty()) return;
    const std::string input = std::move(text.text);
    const bool is_tracked = text.is_tracked;
    const std::size_t base = text.base;
    std::string output;
    std::vector<std::size_t> begins;  // in the original, of each byte of the output
    std::size_t at = 0;
    const auto put = [&](std::string_view part) {
      output += part;
      if (is_tracked) begins.insert(begins.end(), part.size(), at);
    };
    const std::string_view written_space = escapes_spaces ? space : std::string_view{" "};
    while (removes_extra_spaces && at < input.size()) {
      const replaced next = next_part(input, at);
      if (next.text != " ") break;
      at += next.size;
    }
    if (at < input.size()) {
      if (adds_space && !space_is_suffix) put(written_space);
      bool is_after_space = removes_extra_spaces;
      while (at < input.size()) {
        const replaced next = next_part(input, at);
        std::string_view written = next.text;
        while (is_after_space && written.starts_with(' ')) written.remove_prefix(1);
        for (const char& byte : written)
          if (byte == ' ') put(written_space);
          else put({&byte, 1});
        if (!written.empty()) is_after_space = written.ends_with(' ');
        at += next.size;
        is_after_space = is_after_space && removes_extra_spaces;
      }
      while (removes_extra_spaces && output.ends_with(written_space)) {
        output.resize(output.size() - written_space.size());
        if (!is_tracked) continue;
        at = begins[output.size()];
        begins.resize(output.size());
      }
      if (adds_space && space_is_suffix) put(written_space);
    }
    text.text = std::move(output);
    if (!is_tracked) return;
    begins.push_back(at);
    text.origins.clear();
    for (std::size_t i = 0; i < text.text.size(); ++i) text.origins.push_back({base + begins[i], base + begins[i + 1]});
  }

 private:
  struct replaced {
    std::string_view text;
    std::size_t size;  ///< of what it replaces
  };

  replaced next_part(std::string_view input, std::size_t at) const {
    const std::string_view rest = input.substr(at);
    if (const std::size_t size = user_defined.longest(rest); size > 0) return {rest.substr(0, size), size};
    if (rules)
      if (const auto rule = rules->longest(rest)) return {rule->replacement, rule->size};
    const utf8_step step = utf8_at(input, at);
    if (step.size == 0) return {"\xEF\xBF\xBD", 1};
    return {rest.substr(0, step.size), step.size};
  }
};

}  // namespace typeformer
