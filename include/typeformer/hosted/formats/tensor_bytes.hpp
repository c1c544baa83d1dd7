// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <span>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>
#include <typeformer/text/regular_file.hpp>

namespace typeformer::detail {

template <class Element> Element read_little_endian(const std::byte* bytes) {
  Element element;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&element, bytes, sizeof element);
  } else {
    std::byte reversed[sizeof element];
    for (std::size_t i = 0; i < sizeof element; ++i) reversed[i] = bytes[sizeof element - 1 - i];
    std::memcpy(&element, reversed, sizeof element);
  }
  return element;
}

/// Copies bytes of a tensor. Error: the file has been shortened since it was opened, or cannot be read.
TYPEFORMER_RARE inline result<void, file_error> copy_bytes(const stored_tensor& tensor, std::size_t first,
                                                           std::span<std::byte> out) {
  if (out.empty()) return {};
  if (tensor.descriptor < 0) std::memcpy(out.data(), tensor.bytes.data() + first, out.size());
  else if (!regular_file::read(tensor.descriptor, tensor.begin_in_file + first, out.data(), out.size()))
    return failure{tensor.error(
        "cannot be read: was the file shortened?",
        joined({digits_of(out.size()), " bytes from byte ", digits_of(tensor.begin_in_file + first), " of the file"}),
        {})};
  return {};
}

/// Calls `visit(first, bytes)` for a tensor's bytes from element `first` on, some thousands at a time.
template <class Visit>
result<void, file_error> for_each_piece(const stored_tensor& tensor, std::size_t element_size, std::size_t first,
                                        std::size_t count, Visit&& visit) {
  std::byte piece[8192];
  for (const std::size_t end = first + count, most = sizeof piece / element_size; first < end;) {
    const std::size_t size = end - first < most ? end - first : most;
    const std::span<std::byte> bytes(piece, size * element_size);
    if (auto copied = copy_bytes(tensor, first * element_size, bytes); !copied) return copied;
    visit(first, std::span<const std::byte>(bytes));
    first += size;
  }
  return {};
}

/// Whether two tensors have one type and the same bytes. A second file that cannot be read has others.
TYPEFORMER_RARE inline result<void, file_error> compare_bytes(const stored_tensor& a, const stored_tensor& b,
                                                              bool& are_equal) {
  are_equal = a.dtype == b.dtype && a.bytes.size() == b.bytes.size();
  return for_each_piece(a, 1, 0, are_equal ? a.bytes.size() : 0, [&](std::size_t first, auto bytes) {
    std::byte of_b[8192];
    const std::span<std::byte> piece(of_b, bytes.size());
    are_equal = are_equal && copy_bytes(b, first, piece) && std::equal(bytes.begin(), bytes.end(), piece.begin());
  });
}

}  // namespace typeformer::detail
