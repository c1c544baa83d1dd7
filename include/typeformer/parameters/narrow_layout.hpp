// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/parameters/layout.hpp>
#include <typeformer/shape/narrow_view.hpp>

namespace typeformer {

/// Whether a format narrows a parameter of `rows` x `columns` numbers. Vectors, such as biases and norms, stay float32.
template <class Format> constexpr bool narrows(parameter_kind kind, index_type rows, index_type columns) {
  return kind == parameter_kind::matrix || (kind == parameter_kind::table && Format::narrows_table(rows, columns));
}

/// Where the parameters of a model lie if their matrices have a narrow format: in the canonical order, each at a 32-bit word
/// that 16 divides.
template <class Format> struct narrow_layout {
  index_type panel_width = 1;    ///< outputs of a panel
  index_type grouped_width = 1;  ///< the same for formats with groups

  template <parameter_kind Kind>
  using numbers = std::conditional_t<Kind == parameter_kind::table, typename Format::tables, typename Format::matrices>;
  template <parameter_kind Kind>
  constexpr narrow_order<numbers<Kind>> order(index_type rows, index_type columns) const {
    return {rows, columns, GroupedFormat<numbers<Kind>> ? grouped_width : panel_width};
  }
  constexpr index_type words(parameter_kind kind, index_type rows, index_type columns) const {
    const index_type needed = !narrows<Format>(kind, rows, columns) ? rows * columns
                              : kind == parameter_kind::table       ? order<parameter_kind::table>(rows, columns).size()
                                                              : order<parameter_kind::matrix>(rows, columns).size();
    return (needed + 15) / 16 * 16;
  }
  /// The word at which the operand at a canonical offset begins; behind the last parameter the number of all words.
  constexpr index_type word_of(const parameter_layout& layout, std::int64_t offset) const {
    index_type word = 0;
    for_each_tensor(layout, [&](const parameter_tensor& t) {
      if (t.offset < offset && is_first_of_operand(layout, t))
        word += words(t.of->kind, rows_of_operand(layout, t), t.of->columns);
    });
    return word;
  }
};

/// The operands of a plan with places in words.
template <class Format, class Plan>
constexpr auto narrow_operands(const parameter_layout& layout, narrow_layout<Format> where, const Plan& plan) {
  auto operands = plan.operands;
  for (std::size_t i = 0; i < std::size_t(plan.operand_count); ++i) {
    const operand& canonical = plan.operands[i];
    operands[i].offset = where.word_of(layout, canonical.offset);
    for (std::size_t d = 0; d < canonical.stride.size(); ++d)
      if (canonical.stride[d] != 0)
        operands[i].stride[d] = where.word_of(layout, canonical.offset + canonical.stride[d]) - operands[i].offset;
  }
  return operands;
}

}  // namespace typeformer
