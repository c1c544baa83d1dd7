// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/simd/pack.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Rows and packs of one register block: 6 x 4 accumulators where there are 32 registers, 4 x 2 for 16, else 2 x 2.
/// Without vectors 1 x 8, so that there is code for one row only.
inline constexpr bool has_vectors = simd::pack<float>::lanes > 1;
inline constexpr int register_rows = !has_vectors                        ? 1
                                     : TYPEFORMER_VECTOR_REGISTERS >= 32 ? 6
                                     : TYPEFORMER_VECTOR_REGISTERS >= 16 ? 4
                                                                         : 2,
                     register_packs = !has_vectors                        ? 8
                                      : TYPEFORMER_VECTOR_REGISTERS >= 32 ? 4
                                                                          : 2;

/// Calls f(row count as a constant, first row) for groups of `register_rows` rows, then of 4, then for the rest one by
/// one.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_row_group(index_type rows, F&& f) {
  index_type row = 0;
  for (; row + register_rows <= rows; row += register_rows) f(std::integral_constant<int, register_rows>{}, row);
  if constexpr (register_rows > 4)
    if (row + 4 <= rows) {
      f(std::integral_constant<int, 4>{}, row);
      row += 4;
    }
  for (; row < rows; ++row) f(std::integral_constant<int, 1>{}, row);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
