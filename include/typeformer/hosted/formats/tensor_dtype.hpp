// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace typeformer {

/// Element types of tensors in files: those of safetensors (huggingface/safetensors, tensor.rs, `Dtype`), then the block
/// formats that only GGUF has (ggml, ggml.h, `ggml_type`).
enum class tensor_dtype : std::uint8_t {
  boolean,
  f4,
  f6_e2m3,
  f6_e3m2,
  u8,
  i8,
  f8_e5m2,
  f8_e4m3,
  f8_e8m0,
  f8_e4m3fnuz,
  f8_e5m2fnuz,
  i16,
  u16,
  f16,
  bf16,
  i32,
  u32,
  f32,
  c64,
  f64,
  i64,
  u64,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q8_1,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
  q8_k,
  iq2_xxs,
  iq2_xs,
  iq3_xxs,
  iq1_s,
  iq4_nl,
  iq3_s,
  iq2_s,
  iq4_xs,
  iq1_m,
  tq1_0,
  tq2_0,
  mxfp4,
  nvfp4,
  q1_0,
  q2_0,
};

/// Elements are stored in blocks; those of most types are one element.
struct dtype_block {
  unsigned elements, bits;

  constexpr bool operator==(const dtype_block&) const = default;
};

namespace detail {

struct dtype_facts {
  std::string_view name;
  dtype_block block;
};
inline constexpr dtype_facts dtype_table[] = {
    {"BOOL", {1, 8}},
    {"F4", {1, 4}},
    {"F6_E2M3", {1, 6}},
    {"F6_E3M2", {1, 6}},
    {"U8", {1, 8}},
    {"I8", {1, 8}},
    {"F8_E5M2", {1, 8}},
    {"F8_E4M3", {1, 8}},
    {"F8_E8M0", {1, 8}},
    {"F8_E4M3FNUZ", {1, 8}},
    {"F8_E5M2FNUZ", {1, 8}},
    {"I16", {1, 16}},
    {"U16", {1, 16}},
    {"F16", {1, 16}},
    {"BF16", {1, 16}},
    {"I32", {1, 32}},
    {"U32", {1, 32}},
    {"F32", {1, 32}},
    {"C64", {1, 64}},
    {"F64", {1, 64}},
    {"I64", {1, 64}},
    {"U64", {1, 64}},
    {"Q4_0", {32, 8 * 18}},
    {"Q4_1", {32, 8 * 20}},
    {"Q5_0", {32, 8 * 22}},
    {"Q5_1", {32, 8 * 24}},
    {"Q8_0", {32, 8 * 34}},
    {"Q8_1", {32, 8 * 36}},
    {"Q2_K", {256, 8 * 84}},
    {"Q3_K", {256, 8 * 110}},
    {"Q4_K", {256, 8 * 144}},
    {"Q5_K", {256, 8 * 176}},
    {"Q6_K", {256, 8 * 210}},
    {"Q8_K", {256, 8 * 292}},
    {"IQ2_XXS", {256, 8 * 66}},
    {"IQ2_XS", {256, 8 * 74}},
    {"IQ3_XXS", {256, 8 * 98}},
    {"IQ1_S", {256, 8 * 50}},
    {"IQ4_NL", {32, 8 * 18}},
    {"IQ3_S", {256, 8 * 110}},
    {"IQ2_S", {256, 8 * 82}},
    {"IQ4_XS", {256, 8 * 136}},
    {"IQ1_M", {256, 8 * 56}},
    {"TQ1_0", {256, 8 * 54}},
    {"TQ2_0", {256, 8 * 66}},
    {"MXFP4", {32, 8 * 17}},
    {"NVFP4", {64, 8 * 36}},
    {"Q1_0", {128, 8 * 18}},
    {"Q2_0", {64, 8 * 18}},
};
inline constexpr std::size_t dtype_count = sizeof dtype_table / sizeof dtype_table[0];

}  // namespace detail

/// The name in a file, such as `F32`.
constexpr std::string_view name_of(tensor_dtype dtype) {
  return detail::dtype_table[static_cast<std::size_t>(dtype)].name;
}
constexpr dtype_block block_of(tensor_dtype dtype) {
  return detail::dtype_table[static_cast<std::size_t>(dtype)].block;
}

/// Whether a safetensors file can hold the type.
constexpr bool is_in_safetensors(tensor_dtype dtype) { return dtype <= tensor_dtype::u64; }

/// The element type of that exact name, if there is one.
constexpr std::optional<tensor_dtype> dtype_named(std::string_view name) {
  for (std::size_t i = 0; i < detail::dtype_count; ++i) {
    if (detail::dtype_table[i].name == name) return static_cast<tensor_dtype>(i);
  }
  return std::nullopt;
}

/// The bytes of `elements` elements; none if these do not end on a whole block and byte, or overflow.
constexpr std::optional<std::uint64_t> bytes_of_elements(tensor_dtype dtype, std::uint64_t elements) {
  const dtype_block block = block_of(dtype);
  const bool has_whole_bytes = block.bits % 8 == 0;
  std::uint64_t size = 0;
  if (elements % block.elements != 0 ||
      __builtin_mul_overflow(elements / block.elements, has_whole_bytes ? block.bits / 8 : block.bits, &size) ||
      (!has_whole_bytes && size % 8 != 0))
    return std::nullopt;
  return has_whole_bytes ? size : size / 8;
}

/// The same for a shape. An extent below 0 has no size. Blocks must not reach over the end of a row.
constexpr std::optional<std::uint64_t> bytes_of_shape(tensor_dtype dtype, std::span<const std::int64_t> shape) {
  std::uint64_t elements = 1;
  for (const std::int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(elements, static_cast<std::uint64_t>(extent), &elements))
      return std::nullopt;
  if (!shape.empty() && shape.back() % block_of(dtype).elements != 0) return std::nullopt;
  return bytes_of_elements(dtype, elements);
}

static_assert(name_of(tensor_dtype::f8_e5m2fnuz) == "F8_E5M2FNUZ" && name_of(tensor_dtype::u64) == "U64");
static_assert(detail::dtype_count == 1 + static_cast<std::size_t>(tensor_dtype::q2_0) &&
              name_of(tensor_dtype::q2_0) == "Q2_0");

}  // namespace typeformer
