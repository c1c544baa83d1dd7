// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include <typeformer/hosted/formats/tensor_bytes.hpp>

namespace typeformer {

/// Types of metadata in a GGUF file, as it numbers them (ggml, gguf.h, `gguf_type`).
enum class gguf_type : std::uint32_t {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  float32,
  boolean,
  text,
  array,
  uint64,
  int64,
  float64,
};

/// The name, such as `u32`.
constexpr std::string_view name_of(gguf_type type) {
  constexpr std::string_view names[] = {"u8",   "i8",   "u16",   "i16", "u32", "i32", "f32",
                                        "bool", "text", "array", "u64", "i64", "f64"};
  return names[static_cast<std::size_t>(type)];
}

/// The bytes of a value of a type of one size; 0: a text or an array, or no type.
constexpr std::size_t bytes_of(gguf_type type) {
  constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return static_cast<std::size_t>(type) < std::size(sizes) ? sizes[static_cast<std::size_t>(type)] : 0;
}

/// A value of the metadata, in the bytes of the file.
class gguf_value {
 public:
  gguf_value() = default;
  /// Precondition: `encoded` are the bytes after the type in a file, and complete.
  gguf_value(gguf_type type, std::span<const std::byte> encoded) : type_{type}, encoded_{encoded} {}

  gguf_type type() const { return type_; }
  std::span<const std::byte> encoded() const { return encoded_; }

  /// A number of any integer type that fits into 64 bits signed.
  TYPEFORMER_RARE std::optional<std::int64_t> integer() const {
    switch (type_) {
      case gguf_type::uint8: return read<std::uint8_t>();
      case gguf_type::int8: return read<std::int8_t>();
      case gguf_type::uint16: return read<std::uint16_t>();
      case gguf_type::int16: return read<std::int16_t>();
      case gguf_type::uint32: return read<std::uint32_t>();
      case gguf_type::int32: return read<std::int32_t>();
      case gguf_type::int64: return read<std::int64_t>();
      case gguf_type::uint64:
        if (const auto value = read<std::uint64_t>(); value <= std::uint64_t(std::numeric_limits<std::int64_t>::max()))
          return static_cast<std::int64_t>(value);
        return std::nullopt;
      default: return std::nullopt;
    }
  }
  /// A number of any type.
  TYPEFORMER_RARE std::optional<double> number() const {
    if (type_ == gguf_type::float32) return read<float>();
    if (type_ == gguf_type::float64) return read<double>();
    if (type_ == gguf_type::uint64) return static_cast<double>(read<std::uint64_t>());
    if (const auto whole = integer()) return static_cast<double>(*whole);
    return std::nullopt;
  }
  std::optional<bool> boolean() const {
    if (type_ != gguf_type::boolean) return std::nullopt;
    return encoded_[0] != std::byte{0};
  }
  /// The text, which need not be UTF-8.
  std::optional<std::string_view> text() const {
    if (type_ != gguf_type::text) return std::nullopt;
    return std::string_view(reinterpret_cast<const char*>(encoded_.data()) + 8, encoded_.size() - 8);
  }

  /// The type of an array's elements, and their number.
  std::optional<gguf_type> element_type() const {
    if (type_ != gguf_type::array) return std::nullopt;
    return gguf_type{read<std::uint32_t>()};
  }
  std::size_t size() const {
    if (type_ != gguf_type::array) return 0;
    return static_cast<std::size_t>(detail::read_little_endian<std::uint64_t>(encoded_.data() + 4));
  }
  /// Calls `visit(element)` for each element of an array.
  template <class Visit> void for_each(Visit&& visit) const {
    const std::optional<gguf_type> type = element_type();
    if (!type) return;
    std::size_t at = 12;
    for (std::size_t count = size(); count > 0; --count) {
      const std::size_t bytes =
          *type == gguf_type::text
              ? 8 + static_cast<std::size_t>(detail::read_little_endian<std::uint64_t>(encoded_.data() + at))
              : bytes_of(*type);
      visit(gguf_value(*type, encoded_.subspan(at, bytes)));
      at += bytes;
    }
  }

 private:
  template <class Number> Number read() const { return detail::read_little_endian<Number>(encoded_.data()); }

  gguf_type type_ = gguf_type::boolean;
  std::span<const std::byte> encoded_;
};

}  // namespace typeformer
