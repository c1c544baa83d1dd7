// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// SentencePiece's precompiled normalization rules: a double array trie (Darts) from byte sequences to their
/// replacements. Every access is within the table, whatever it holds.
///
/// File: uint32 size of the trie in bytes, the trie as little-endian uint32 units, replacements that end in zero bytes.
class charsmap {
 public:
  struct rule {
    std::size_t size;  ///< of what is replaced, in bytes
    std::string_view replacement;
  };

  static result<charsmap, tokenizer_error> parse(std::string_view bytes) noexcept {
    const auto rejected = [](const std::string& what) {
      return failure{tokenizer_error{"normalization rules: " + what}};
    };
    if (bytes.size() < header) return rejected("expected at least 4 bytes, found " + std::to_string(bytes.size()));
    const std::size_t size = number_at(bytes, 0);
    if (size > bytes.size() - header || size % 4 != 0)
      return rejected("expected a trie within " + std::to_string(bytes.size() - header) + " bytes, found a size of " +
                      std::to_string(size));
    charsmap map;
    map.units_.reserve(size / 4);
    for (std::size_t at = 0; at < size; at += 4) map.units_.push_back(number_at(bytes, header + at));
    map.replacements_ = bytes.substr(header + size);
    return map;
  }

  /// As a file has it.
  std::string bytes() const {
    std::string all;
    const auto append = [&](std::uint32_t number) {
      for (unsigned shift = 0; shift < 32; shift += 8) all += static_cast<char>(number >> shift & 0xFFu);
    };
    append(static_cast<std::uint32_t>(units_.size() * 4));
    for (const std::uint32_t unit : units_) append(unit);
    return all += replacements_;
  }

  /// The longest rule that applies at the beginning of a text.
  std::optional<rule> longest(std::string_view text) const {
    std::optional<rule> found;
    for_each_rule(text, [&](rule each) { return found = each, true; });
    return found;
  }
  /// The shortest one, which Hugging Face's tokenizers apply.
  std::optional<rule> shortest(std::string_view text) const {
    std::optional<rule> found;
    for_each_rule(text, [&](rule each) { return found = each, false; });
    return found;
  }

 private:
  static constexpr std::size_t header = 4;

  static std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
  }

  // The fields of a unit, as in darts-clone.
  static bool has_leaf(std::uint32_t unit) { return (unit >> 8 & 1u) == 1; }
  static std::uint32_t label(std::uint32_t unit) { return unit & (1u << 31 | 0xFFu); }
  static std::uint32_t offset(std::uint32_t unit) { return unit >> 10 << ((unit & 1u << 9) >> 6); }
  static std::uint32_t value(std::uint32_t unit) { return unit & ~(1u << 31); }

  /// Calls `visit(rule)` in the order of their sizes until it returns false.
  template <class Visit> void for_each_rule(std::string_view text, Visit visit) const {
    if (units_.empty()) return;
    std::size_t node = offset(units_[0]);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      node ^= byte;
      if (byte == 0 || node >= units_.size() || label(units_[node]) != byte) return;
      const std::uint32_t unit = units_[node];
      node ^= offset(unit);
      if (!has_leaf(unit)) continue;
      const std::size_t begin = node < units_.size() ? value(units_[node]) : replacements_.size();
      if (begin > replacements_.size()) return;
      const std::string_view rest = std::string_view{replacements_}.substr(begin);
      if (!visit({i + 1, rest.substr(0, rest.find('\0'))})) return;
    }
  }

  std::vector<std::uint32_t> units_;
  std::string replacements_;
};

}  // namespace typeformer
