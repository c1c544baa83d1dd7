// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace typeformer::detail {

/// One field of a message in the wire format of Protocol Buffers.
struct protobuf_field {
  std::uint32_t number = 0;
  std::uint64_t value = 0;   ///< of a number
  std::string_view bytes{};  ///< of a text or message
  bool is_bytes = false;

  float real() const { return std::bit_cast<float>(static_cast<std::uint32_t>(value)); }
  bool flag() const { return value != 0; }
};

/// Reads a message field by field. Nothing beyond its bytes is touched, whatever its lengths say.
class protobuf_reader {
 public:
  explicit protobuf_reader(std::string_view message) : rest_{message} {}

  /// False at the end, and after an error.
  bool next(protobuf_field& field) {
    if (rest_.empty() || !is_valid_) return false;
    const std::uint64_t tag = varint();
    field = {.number = static_cast<std::uint32_t>(tag >> 3)};
    if (tag >> 32 != 0 || field.number == 0) is_valid_ = false;
    switch (tag & 7u) {
      case 0: field.value = varint(); break;
      case 1: field.value = fixed(8); break;
      case 2: field.bytes = taken(varint()), field.is_bytes = true; break;
      case 5: field.value = fixed(4); break;
      default: is_valid_ = false;  // groups are not written any more
    }
    return is_valid_;
  }
  bool is_valid() const { return is_valid_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      if (shift < 64) value |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    is_valid_ = false;
    return 0;
  }
  std::uint64_t fixed(std::size_t size) {
    const std::string_view bytes = taken(size);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::string_view taken(std::uint64_t size) {
    if (size > rest_.size()) {
      is_valid_ = false;
      return {};
    }
    const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

  std::string_view rest_;
  bool is_valid_ = true;
};

}  // namespace typeformer::detail
