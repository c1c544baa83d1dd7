// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <concepts>
#include <cstddef>
#include <string_view>

#include <typeformer/foundation/config.hpp>

namespace typeformer::laws {

/// A text for people, of a fixed capacity. Text that is too long is cut off.
class sentence {
 public:
  static constexpr std::size_t capacity = 1000;

  sentence() = default;
  template <class... Parts> explicit sentence(const Parts&... parts) { (append(parts), ...); }

  void append(std::string_view text) {
    for (char c : text)
      if (size_ < capacity) characters_[size_++] = c;
  }
  void append(const char* text) { append(std::string_view{text}); }
  template <std::integral Number> void append(Number number) { append_number(number); }
  /// Three digits; the same in every locale.
  void append(double number) { append_number(number, std::chars_format::general, 3); }
  void append(const sentence& other) { append(other.view()); }

  std::string_view view() const { return {characters_, size_}; }
  operator std::string_view() const { return view(); }
  /// Null-terminated.
  const char* c_str() const { return characters_; }

 private:
  template <class... How> void append_number(How... how) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), how...);
    append(std::string_view(digits, std::size_t(end.ptr - digits)));
  }

  char characters_[capacity + 1]{};
  std::size_t size_ = 0;
};

}  // namespace typeformer::laws
