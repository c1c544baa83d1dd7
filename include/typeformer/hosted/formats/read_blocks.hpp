// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/tensor_bytes.hpp>
#include <typeformer/quantization/block_formats.hpp>

namespace typeformer {

/// What `read_floats` converts.
inline constexpr std::string_view names_of_float_types =
    "F32, F16, BF16, F64, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K";

namespace detail {

/// Turns a block's bytes into numbers; null for a type without one.
struct block_decoder {
  void (*decode)(const std::byte* block, float* x) = nullptr;
  std::size_t elements = 0, bytes = 0;
};
template <quantization::BlockFormat Format> block_decoder decoder_for() {
  return {&Format::decode, std::size_t(Format::elements), std::size_t(Format::bytes)};
}
TYPEFORMER_RARE inline block_decoder block_decoder_of(tensor_dtype dtype) {
  switch (dtype) {
    case tensor_dtype::q4_0: return decoder_for<quantization::q4_0>();
    case tensor_dtype::q4_1: return decoder_for<quantization::q4_1>();
    case tensor_dtype::q5_0: return decoder_for<quantization::q5_0>();
    case tensor_dtype::q5_1: return decoder_for<quantization::q5_1>();
    case tensor_dtype::q8_0: return decoder_for<quantization::q8_0>();
    case tensor_dtype::q4_k: return decoder_for<quantization::q4_k>();
    case tensor_dtype::q5_k: return decoder_for<quantization::q5_k>();
    case tensor_dtype::q6_k: return decoder_for<quantization::q6_k>();
    default: return {};
  }
}

/// The elements `first`, `first + 1`, ..., which may begin and end within a block.
TYPEFORMER_RARE inline result<void, file_error> read_blocks(const stored_tensor& tensor, const block_decoder& decoder,
                                                            std::size_t first, std::span<float> out) {
  const std::size_t end = first + out.size(), width = decoder.elements;
  const std::size_t first_block = first / width, blocks = (end + width - 1) / width - first_block;
  float values[256];
  return for_each_piece(tensor, decoder.bytes, first_block, blocks, [&](std::size_t block, auto bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += decoder.bytes, ++block) {
      decoder.decode(bytes.data() + at, values);
      const std::size_t begin = std::max(first, block * width), stop = std::min(end, (block + 1) * width);
      std::copy(values + (begin - block * width), values + (stop - block * width), out.data() + (begin - first));
    }
  });
}

}  // namespace detail

/// Whether `read_floats` converts the type.
inline bool is_read_as_floats(tensor_dtype dtype) {
  return dtype == tensor_dtype::f32 || dtype == tensor_dtype::f16 || dtype == tensor_dtype::bf16 ||
         dtype == tensor_dtype::f64 || detail::block_decoder_of(dtype).decode != nullptr;
}

}  // namespace typeformer
