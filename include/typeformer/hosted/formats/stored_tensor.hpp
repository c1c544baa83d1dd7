// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/float16.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/file_error.hpp>
#include <typeformer/hosted/formats/tensor_dtype.hpp>

namespace typeformer {

/// A tensor as it lies in a file: little-endian, row-major, at any alignment. All members view the opened file.
struct stored_tensor {
  std::string_view file, name;
  tensor_dtype dtype = tensor_dtype::f32;
  std::span<const std::int64_t> shape;
  std::span<const std::byte> bytes;

  std::size_t element_count() const {
    return static_cast<std::size_t>(std::uint64_t{bytes.size()} * 8 / bits_of(dtype));
  }

  /// An error that names this tensor and its file.
  TYPEFORMER_RARE file_error error(std::string_view problem, std::string_view expected, std::string_view found) const {
    return {file, name, problem, expected, found};
  }
};

namespace detail {

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

// A double beyond float's range has no defined conversion in C++; IEEE 754 rounds it to the maximum or to infinity.
inline float to_float(double value) {
  constexpr double largest = std::numeric_limits<float>::max(), first_infinite = 0x1.ffffffp127;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  if (value > largest) return value < first_infinite ? std::numeric_limits<float>::max() : infinity;
  return value < -largest ? -to_float(-value) : static_cast<float>(value);
}
inline float to_float(float value) { return value; }

template <class Element> void read_as_floats(const std::byte* bytes, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = to_float(read_little_endian<Element>(bytes + i * sizeof(Element)));
  }
}

template <class Element> void read_as_integers(const std::byte* bytes, std::span<std::int64_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::int64_t>(read_little_endian<Element>(bytes + i * sizeof(Element)));
  }
}

TYPEFORMER_RARE inline result<void, file_error> check_range(const stored_tensor& tensor, std::size_t first,
                                                            std::size_t count) {
  const std::size_t available = tensor.element_count();
  if (first <= available && count <= available - first) return {};
  return failure{tensor.error("elements out of range",
                              detail::joined({"at most ", detail::digits_of(available), " elements"}),
                              detail::joined({detail::digits_of(count), " from element ", detail::digits_of(first)}))};
}

TYPEFORMER_RARE inline result<void, file_error> check_count(const stored_tensor& tensor, std::size_t count) {
  if (count == tensor.element_count()) return {};
  return failure{
      tensor.error("wrong number of elements", detail::digits_of(count), detail::digits_of(tensor.element_count()))};
}

}  // namespace detail

/// Converts the elements `first`, `first + 1`, ... of an F32, F16, BF16 or F64 tensor to fill `out`; rows of a matrix
/// start at multiples of its last extent.
///
/// Errors: another element type, elements beyond the tensor. `out` is written only when there is no error.
inline result<void, file_error> read_floats(const stored_tensor& tensor, std::size_t first, std::span<float> out) {
  if (auto checked = detail::check_range(tensor, first, out.size()); !checked) return checked;
  const auto from = [&] { return tensor.bytes.data() + first * (bits_of(tensor.dtype) / 8); };
  switch (tensor.dtype) {
    case tensor_dtype::f32:
      detail::read_as_floats<float>(from(), out);
      return {};
    case tensor_dtype::f16:
      detail::read_as_floats<float16>(from(), out);
      return {};
    case tensor_dtype::bf16:
      detail::read_as_floats<bfloat16>(from(), out);
      return {};
    case tensor_dtype::f64:
      detail::read_as_floats<double>(from(), out);
      return {};
    default:
      return failure{tensor.error("wrong element type", "F32, F16, BF16 or F64", name_of(tensor.dtype))};
  }
}

/// Converts the whole tensor. Error besides those above: `out` has another number of elements.
inline result<void, file_error> read_floats(const stored_tensor& tensor, std::span<float> out) {
  if (auto checked = detail::check_count(tensor, out.size()); !checked) return checked;
  return read_floats(tensor, 0, out);
}

/// Converts a whole tensor of integers or booleans (0 and 1).
///
/// Errors: another element type, another number of elements, a U64 beyond 2^63 - 1.
inline result<void, file_error> read_integers(const stored_tensor& tensor, std::span<std::int64_t> out) {
  if (auto checked = detail::check_count(tensor, out.size()); !checked) return checked;
  const std::byte* const bytes = tensor.bytes.data();
  switch (tensor.dtype) {
    case tensor_dtype::i64:
      detail::read_as_integers<std::int64_t>(bytes, out);
      return {};
    case tensor_dtype::i32:
      detail::read_as_integers<std::int32_t>(bytes, out);
      return {};
    case tensor_dtype::i16:
      detail::read_as_integers<std::int16_t>(bytes, out);
      return {};
    case tensor_dtype::i8:
      detail::read_as_integers<std::int8_t>(bytes, out);
      return {};
    case tensor_dtype::u32:
      detail::read_as_integers<std::uint32_t>(bytes, out);
      return {};
    case tensor_dtype::u16:
      detail::read_as_integers<std::uint16_t>(bytes, out);
      return {};
    case tensor_dtype::u8:
      detail::read_as_integers<std::uint8_t>(bytes, out);
      return {};
    case tensor_dtype::boolean:
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes[i] != std::byte{0} ? 1 : 0;
      return {};
    case tensor_dtype::u64:
      for (std::size_t i = 0; i < out.size(); ++i) {
        const auto value = detail::read_little_endian<std::uint64_t>(bytes + 8 * i);
        if (value >> 63 == 0) continue;
        return failure{tensor.error("number too large", "at most 9223372036854775807", detail::digits_of(value))};
      }
      detail::read_as_integers<std::uint64_t>(bytes, out);
      return {};
    default:
      return failure{tensor.error("wrong element type", "an integer type or BOOL", name_of(tensor.dtype))};
  }
}

}  // namespace typeformer
