// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Format of weights: bfloat16, in products with float32 sums. Where the processor multiplies bfloat16 (AVX-512 BF16),
/// activations are rounded to it, too; elsewhere they stay float32.
struct bf16 {
  using numbers = bf16;
  static constexpr const char* name = "bf16";
  static constexpr index_type inputs_in_word = 2;  ///< of 32 bits
  static constexpr index_type words_of_scales = 0;

  static constexpr bool narrows_table(index_type rows, index_type columns) { return rows * columns >= 16384; }
};

/// One scale for each output of a matrix, or for each row of a table.
struct per_channel {};

/// Format of weights: 8 bits, w = scale · q with q in -127..127. In products each row of activations is quantized to 8
/// bits by a scale of its own, and sums are int32: they are the same on every target.
template <class Scale = per_channel> struct int8 {
  using numbers = int8;
  static constexpr const char* name = "int8";
  static constexpr index_type inputs_in_word = 4;
  static constexpr index_type words_of_scales = 2;  ///< for each output: its scale, and the sum of its q

  static constexpr bool narrows_table(index_type rows, index_type columns) { return rows * columns >= 16384; }
};

/// A format for matrices alone: tables, such as those of tokens, stay float32. Of a table that is the head, too, the
/// head reads float32 then.
template <class Format> struct with_wide_tables : Format {
  static constexpr bool narrows_table(index_type, index_type) { return false; }
};

}  // namespace typeformer
