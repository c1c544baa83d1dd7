// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace typeformer {

/// Element types that a safetensors file can hold (huggingface/safetensors, tensor.rs, `Dtype`).
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
};

namespace detail {

struct dtype_facts {
  std::string_view name;
  unsigned bits;
};
inline constexpr dtype_facts dtype_table[] = {
    {"BOOL", 8},    {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6},     {"U8", 8},          {"I8", 8},
    {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"I16", 16},
    {"U16", 16},    {"F16", 16},    {"BF16", 16},   {"I32", 32},        {"U32", 32},        {"F32", 32},
    {"C64", 64},    {"F64", 64},    {"I64", 64},    {"U64", 64},
};

}  // namespace detail

/// The name in a file, such as `F32`.
constexpr std::string_view name_of(tensor_dtype dtype) {
  return detail::dtype_table[static_cast<std::size_t>(dtype)].name;
}

/// Bits of one element; elements narrower than a byte are packed.
constexpr unsigned bits_of(tensor_dtype dtype) { return detail::dtype_table[static_cast<std::size_t>(dtype)].bits; }

/// The element type of that exact name, if there is one.
constexpr std::optional<tensor_dtype> dtype_named(std::string_view name) {
  for (std::size_t i = 0; i < sizeof(detail::dtype_table) / sizeof(detail::dtype_table[0]); ++i) {
    if (detail::dtype_table[i].name == name) return static_cast<tensor_dtype>(i);
  }
  return std::nullopt;
}

static_assert(name_of(tensor_dtype::f8_e5m2fnuz) == "F8_E5M2FNUZ" && name_of(tensor_dtype::u64) == "U64");

}  // namespace typeformer
