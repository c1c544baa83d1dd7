// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/read_decoded.hpp>

namespace typeformer {

/// Whether `encoded_tensor` writes floats as this type.
constexpr bool is_written_from_floats(tensor_dtype dtype) {
  return dtype == tensor_dtype::f32 || dtype == tensor_dtype::f16 || dtype == tensor_dtype::bf16 ||
         dtype == tensor_dtype::q8_0 || dtype == tensor_dtype::q4_0 || dtype == tensor_dtype::q4_1 ||
         dtype == tensor_dtype::q5_0 || dtype == tensor_dtype::q5_1;
}

namespace detail {

constexpr float largest_half = 65504;

template <class Element> void encode_elements(std::span<const float> values, std::byte* to) {
  static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");
  for (const float value : values) {
    const Element element{value};
    std::memcpy(to, &element, sizeof element);
    to += sizeof element;
  }
}
template <quantization::EncodableBlockFormat Format> void encode_blocks(std::span<const float> values, std::byte* to) {
  for (std::size_t at = 0; at < values.size(); at += Format::elements, to += Format::bytes)
    Format::encode(values.data() + at, to);
}

/// Errors: a finite number beyond binary16, which F16 and the steps of blocks are; for blocks, one that is not finite.
TYPEFORMER_RARE inline result<void, file_error> check_encodable(const stored_tensor& tensor, tensor_dtype dtype,
                                                                std::span<const float> values) {
  if (dtype == tensor_dtype::f32 || dtype == tensor_dtype::bf16) return {};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool finite = is_finite(values[i]);
    if (finite ? values[i] <= largest_half && values[i] >= -largest_half : dtype == tensor_dtype::f16) continue;
    return failure{tensor.error(joined({"a number is beyond ", name_of(dtype)}), "at most 65504",
                                joined({"element ", digits_of(i)}))};
  }
  return {};
}

}  // namespace detail

/// A tensor's elements, in the order that `read_floats` gives, as F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0 or Q5_1.
///
/// Errors: those of `read_floats`; another element type to write; rows that do not end on a whole block; a number that
/// the type cannot hold.
TYPEFORMER_RARE inline result<std::vector<std::byte>, file_error> encoded_tensor(const stored_tensor& tensor,
                                                                                 tensor_dtype dtype) {
  if (!is_written_from_floats(dtype))
    return failure{tensor.error("is not written in this element type", "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0 or Q5_1",
                                name_of(dtype))};
  std::vector<float> values(tensor.element_count());
  if (auto read = read_floats(tensor, values); !read) return failure{read.error()};
  const auto size = bytes_of_shape(dtype, tensor.shape);
  if (!size)
    return failure{tensor.error(detail::joined({"rows do not end on a whole block of ", name_of(dtype)}),
                                detail::joined({"a multiple of ", detail::digits_of(block_of(dtype).elements)}),
                                shape_text(tensor.shape))};
  if (auto checked = detail::check_encodable(tensor, dtype, values); !checked) return failure{checked.error()};
  std::vector<std::byte> bytes(static_cast<std::size_t>(*size));
  switch (dtype) {
    case tensor_dtype::f16: detail::encode_elements<float16>(values, bytes.data()); break;
    case tensor_dtype::bf16: detail::encode_elements<bfloat16>(values, bytes.data()); break;
    case tensor_dtype::q8_0: detail::encode_blocks<quantization::q8_0>(values, bytes.data()); break;
    case tensor_dtype::q4_0: detail::encode_blocks<quantization::q4_0>(values, bytes.data()); break;
    case tensor_dtype::q4_1: detail::encode_blocks<quantization::q4_1>(values, bytes.data()); break;
    case tensor_dtype::q5_0: detail::encode_blocks<quantization::q5_0>(values, bytes.data()); break;
    case tensor_dtype::q5_1: detail::encode_blocks<quantization::q5_1>(values, bytes.data()); break;
    default: detail::encode_elements<float>(values, bytes.data()); break;
  }
  return bytes;
}

}  // namespace typeformer
