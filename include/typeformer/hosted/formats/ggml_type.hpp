// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>

#include <typeformer/hosted/formats/tensor_dtype.hpp>

namespace typeformer {

namespace detail {

struct ggml_type_number {
  std::uint32_t number;
  tensor_dtype dtype;
};
/// Numbers between these are of removed types.
inline constexpr ggml_type_number ggml_types[] = {
    {0, tensor_dtype::f32},      {1, tensor_dtype::f16},     {2, tensor_dtype::q4_0},     {3, tensor_dtype::q4_1},
    {6, tensor_dtype::q5_0},     {7, tensor_dtype::q5_1},    {8, tensor_dtype::q8_0},     {9, tensor_dtype::q8_1},
    {10, tensor_dtype::q2_k},    {11, tensor_dtype::q3_k},   {12, tensor_dtype::q4_k},    {13, tensor_dtype::q5_k},
    {14, tensor_dtype::q6_k},    {15, tensor_dtype::q8_k},   {16, tensor_dtype::iq2_xxs}, {17, tensor_dtype::iq2_xs},
    {18, tensor_dtype::iq3_xxs}, {19, tensor_dtype::iq1_s},  {20, tensor_dtype::iq4_nl},  {21, tensor_dtype::iq3_s},
    {22, tensor_dtype::iq2_s},   {23, tensor_dtype::iq4_xs}, {24, tensor_dtype::i8},      {25, tensor_dtype::i16},
    {26, tensor_dtype::i32},     {27, tensor_dtype::i64},    {28, tensor_dtype::f64},     {29, tensor_dtype::iq1_m},
    {30, tensor_dtype::bf16},    {34, tensor_dtype::tq1_0},  {35, tensor_dtype::tq2_0},   {39, tensor_dtype::mxfp4},
    {40, tensor_dtype::nvfp4},   {41, tensor_dtype::q1_0},   {42, tensor_dtype::q2_0},
};

}  // namespace detail

/// The type that ggml numbers so (ggml.h, `ggml_type`), if there is one.
constexpr std::optional<tensor_dtype> dtype_of_ggml_type(std::uint32_t number) {
  for (const auto& type : detail::ggml_types)
    if (type.number == number) return type.dtype;
  return std::nullopt;
}
constexpr std::optional<std::uint32_t> ggml_type_of(tensor_dtype dtype) {
  for (const auto& type : detail::ggml_types)
    if (type.dtype == dtype) return type.number;
  return std::nullopt;
}

}  // namespace typeformer
