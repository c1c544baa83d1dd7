// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/float16.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/tensor_bytes.hpp>

namespace typeformer {

namespace detail {

// A double beyond float's range has no defined conversion in C++; IEEE 754 rounds it to the maximum or to infinity.
inline float to_float(double value) {
  constexpr double largest = std::numeric_limits<float>::max(), first_infinite = 0x1.ffffffp127;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  if (value > largest) return value < first_infinite ? std::numeric_limits<float>::max() : infinity;
  return value < -largest ? -to_float(-value) : static_cast<float>(value);
}
inline float to_float(float value) { return value; }

template <class Element>
result<void, file_error> read_as_floats(const stored_tensor& tensor, std::size_t first, std::span<float> out) {
  if constexpr (std::is_same_v<Element, float> && std::endian::native == std::endian::little) {
    return copy_bytes(tensor, first * sizeof(float), std::as_writable_bytes(out));
  } else {
    return for_each_piece(tensor, sizeof(Element), first, out.size(), [&](std::size_t at, auto bytes) {
      for (std::size_t i = 0; i * sizeof(Element) < bytes.size(); ++i)
        out[at - first + i] = to_float(read_little_endian<Element>(bytes.data() + i * sizeof(Element)));
    });
  }
}

template <class Element>
result<void, file_error> read_as_integers(const stored_tensor& tensor, std::span<std::int64_t> out) {
  return for_each_piece(tensor, sizeof(Element), 0, out.size(), [&](std::size_t at, auto bytes) {
    for (std::size_t i = 0; i * sizeof(Element) < bytes.size(); ++i)
      out[at + i] = static_cast<std::int64_t>(read_little_endian<Element>(bytes.data() + i * sizeof(Element)));
  });
}
TYPEFORMER_RARE inline result<void, file_error> read_booleans(const stored_tensor& tensor,
                                                              std::span<std::int64_t> out) {
  auto read = read_as_integers<std::uint8_t>(tensor, out);
  for (std::int64_t& value : out) value = value != 0;
  return read;
}
TYPEFORMER_RARE inline result<void, file_error> read_unsigned(const stored_tensor& tensor,
                                                              std::span<std::int64_t> out) {
  std::uint64_t too_large = 0;
  auto checked = for_each_piece(tensor, 8, 0, out.size(), [&](std::size_t, auto bytes) {
    for (std::size_t i = 0; i < bytes.size(); i += 8)
      if (const auto value = read_little_endian<std::uint64_t>(bytes.data() + i); value >> 63 != 0 && too_large == 0)
        too_large = value;
  });
  if (!checked) return checked;
  if (too_large == 0) return read_as_integers<std::uint64_t>(tensor, out);
  return failure{tensor.error("number too large", "at most 9223372036854775807", digits_of(too_large))};
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

/// Converts the elements `first`, `first + 1`, ... of an F32, F16, BF16 or F64 tensor to fill `out`; for files whose reader
/// says so, those of block formats, too (see `read_decoded`). Rows of a matrix start at multiples of its last extent.
///
/// Errors: another element type, elements beyond the tensor; a file that was shortened after it was opened, the only
/// error after which a part of `out` may be written.
inline result<void, file_error> read_floats(const stored_tensor& tensor, std::size_t first, std::span<float> out) {
  if (auto checked = detail::check_range(tensor, first, out.size()); !checked) return checked;
  if (tensor.decode) return tensor.decode(tensor, first, out);
  switch (tensor.dtype) {
    case tensor_dtype::f32: return detail::read_as_floats<float>(tensor, first, out);
    case tensor_dtype::f16: return detail::read_as_floats<float16>(tensor, first, out);
    case tensor_dtype::bf16: return detail::read_as_floats<bfloat16>(tensor, first, out);
    case tensor_dtype::f64: return detail::read_as_floats<double>(tensor, first, out);
    default: return failure{tensor.error("wrong element type", "F32, F16, BF16 or F64", name_of(tensor.dtype))};
  }
}

/// Converts the whole tensor. Error in addition to those above: `out` has another number of elements.
inline result<void, file_error> read_floats(const stored_tensor& tensor, std::span<float> out) {
  if (auto checked = detail::check_count(tensor, out.size()); !checked) return checked;
  return read_floats(tensor, 0, out);
}

/// Converts a whole tensor of integers or booleans (0 and 1).
///
/// Errors: another element type, another number of elements, a U64 beyond 2^63 - 1.
inline result<void, file_error> read_integers(const stored_tensor& tensor, std::span<std::int64_t> out) {
  if (auto checked = detail::check_count(tensor, out.size()); !checked) return checked;
  switch (tensor.dtype) {
    case tensor_dtype::i64: return detail::read_as_integers<std::int64_t>(tensor, out);
    case tensor_dtype::i32: return detail::read_as_integers<std::int32_t>(tensor, out);
    case tensor_dtype::i16: return detail::read_as_integers<std::int16_t>(tensor, out);
    case tensor_dtype::i8: return detail::read_as_integers<std::int8_t>(tensor, out);
    case tensor_dtype::u32: return detail::read_as_integers<std::uint32_t>(tensor, out);
    case tensor_dtype::u16: return detail::read_as_integers<std::uint16_t>(tensor, out);
    case tensor_dtype::u8: return detail::read_as_integers<std::uint8_t>(tensor, out);
    case tensor_dtype::boolean: return detail::read_booleans(tensor, out);
    case tensor_dtype::u64: return detail::read_unsigned(tensor, out);
    default: return failure{tensor.error("wrong element type", "an integer type or BOOL", name_of(tensor.dtype))};
  }
}

}  // namespace typeformer
