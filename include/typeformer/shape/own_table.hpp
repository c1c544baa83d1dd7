// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// What is known of an input of a user's own. Its address tells it from others.
struct own_input_kind {
  const char* name;
  index_type width;
  axis rows_are;
  index_type count;  ///< ids lie below it; 0: the elements are real numbers
};

/// The rows of an input of a user's own, [rows][width]: one of the two pointers.
struct own_table {
  const own_input_kind* kind = nullptr;
  const float* numbers = nullptr;
  const std::int32_t* ids = nullptr;
  index_type elements = 0;

  constexpr own_table() = default;
  constexpr own_table(const own_input_kind& of, std::span<const float> rows)
      : kind{&of}, numbers{rows.data()}, elements{index_type(rows.size())} {}
  constexpr own_table(const own_input_kind& of, std::span<const std::int32_t> rows)
      : kind{&of}, ids{rows.data()}, elements{index_type(rows.size())} {}
};

/// The table of an input, or null.
constexpr const own_table* find_table(std::span<const own_table> tables, const own_input_kind& kind) {
  for (const own_table& table : tables)
    if (table.kind == &kind) return &table;
  return nullptr;
}

}  // namespace typeformer
