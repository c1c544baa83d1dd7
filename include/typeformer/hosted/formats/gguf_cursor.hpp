// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/tensor_bytes.hpp>

namespace typeformer::detail {

/// A place in the header of a GGUF file. What it has passed is in memory, at most twice as much as the header needs and
/// never more than the file has. Every function returns `false` after a failure, which `error` keeps.
class gguf_cursor {
 public:
  /// `whole`: all bytes of the file, as a tensor.
  explicit gguf_cursor(const stored_tensor& whole) : whole_{whole} {}

  std::uint64_t position() const { return at_; }
  std::uint64_t remaining() const { return whole_.bytes.size() - at_; }
  const file_error& error() const { return error_; }
  /// The header's bytes. They move with the vector.
  std::vector<std::byte> take_bytes() { return std::move(bytes_); }
  const std::byte* data() const { return bytes_.data(); }

  TYPEFORMER_RARE bool fail(std::string_view problem, std::string_view expected = {}, std::string_view found = {},
                            std::string_view tensor = {}) {
    error_ = {whole_.file, tensor, joined({problem, " (byte ", digits_of(at_), ")"}), expected, found};
    return false;
  }

  /// Passes `size` bytes.
  TYPEFORMER_RARE bool skip(std::uint64_t size) {
    if (size > remaining())
      return fail("truncated header", joined({digits_of(size), " bytes more"}), digits_of(remaining()));
    const auto end = static_cast<std::size_t>(at_ + size);
    if (end > bytes_.size()) {
      constexpr std::size_t least = 4096;
      const std::size_t read = bytes_.size(), wanted = std::max({end, 2 * read, least});
      bytes_.resize(std::min(wanted, whole_.bytes.size()));
      if (const auto copied = copy_bytes(whole_, read, std::span(bytes_).subspan(read)); !copied) {
        error_ = copied.error();
        return false;
      }
    }
    at_ = end;
    return true;
  }
  template <class Number> bool read(Number& number) {
    if (!skip(sizeof number)) return false;
    number = read_little_endian<Number>(bytes_.data() + (at_ - sizeof number));
    return true;
  }
  /// Passes a text: its length, then its bytes.
  TYPEFORMER_RARE bool skip_text(std::uint64_t& size) {
    if (!read(size)) return false;
    if (size > largest_text_or_array)
      return fail("a text is too long", joined({"at most ", digits_of(largest_text_or_array), " bytes"}),
                  digits_of(size));
    return skip(size);
  }

  /// The reference reader's limit (gguf.cpp, `GGUF_MAX_STRING_LENGTH` and `GGUF_MAX_ARRAY_ELEMENTS`).
  static constexpr std::uint64_t largest_text_or_array = std::uint64_t{1} << 30;

 private:
  const stored_tensor& whole_;
  std::vector<std::byte> bytes_;
  std::uint64_t at_ = 0;
  file_error error_;
};

}  // namespace typeformer::detail
