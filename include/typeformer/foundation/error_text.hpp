// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace typeformer {

/// The sentence of an error, composed without heap. Text beyond its capacity is left out.
class error_text {
 public:
  static constexpr std::size_t capacity = 240;

  constexpr error_text() = default;
  constexpr explicit error_text(std::string_view sentence) { add(sentence); }

  constexpr error_text& add(std::string_view part) {
    for (const char c : part)
      if (size_ < capacity) characters_[size_++] = c;
    return *this;
  }
  constexpr error_text& add(std::int64_t number) {
    std::uint64_t rest = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    char digits[20]{};
    std::size_t first = 20;
    do digits[--first] = static_cast<char>('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) add("-");
    return add(std::string_view(digits + first, 20 - first));
  }

  constexpr std::string_view view() const { return {characters_, size_}; }
  constexpr operator std::string_view() const { return view(); }
  /// Null-terminated.
  constexpr const char* c_str() const { return characters_; }
  template <class String>
    requires requires(String& string, std::string_view text) { string += text; }
  friend constexpr String operator+(String before, const error_text& text) {
    before += text.view();
    return before;
  }
  friend constexpr bool operator==(const error_text& a, std::string_view b) { return a.view() == b; }

 private:
  char characters_[capacity + 1]{};
  std::size_t size_ = 0;
};

/// The concept of every error of this library: `message()` gives one sentence with its numbers and names.
template <class E>
concept PrintableError = requires(const E& error) {
  { error.message() } -> std::convertible_to<std::string_view>;
};

/// Writes the message to any stream that accepts a `std::string_view`.
template <class Stream, PrintableError E>
  requires requires(Stream& stream, std::string_view text) { stream << text; }
Stream& operator<<(Stream& stream, const E& error) {
  stream << std::string_view(error.message());
  return stream;
}

}  // namespace typeformer

// If <format> was included before, errors can be formatted; the result is their message.
#if defined(_GLIBCXX_FORMAT) || defined(_LIBCPP_FORMAT)
template <typeformer::PrintableError E> struct std::formatter<E> : std::formatter<std::string_view> {
  auto format(const E& error, auto& context) const {
    return std::formatter<std::string_view>::format(std::string_view(error.message()), context);
  }
};
#endif
