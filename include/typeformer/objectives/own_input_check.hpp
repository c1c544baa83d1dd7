// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/memory/plan.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::detail {

/// Checks one input of a user's own in a batch whose rows are already checked.
constexpr result<void, batch_error> check_own_input(const token_batch& batch, const own_input_kind& kind,
                                                    bool is_source) {
  using problem = batch_error::problem;
  batch_error error{.what = problem::table_is_missing, .in_source = is_source, .input = kind.name};
  const own_table* const table = find_table(batch.own, kind);
  if (!table) return failure{error};
  const bool of_sequences = kind.rows_are == axis::sequence;
  const index_type needed = (of_sequences ? batch.sequences : batch.rows) * kind.width;
  if (table->elements != needed || !(kind.count > 0 ? table->ids != nullptr : table->numbers != nullptr)) {
    error.what = problem::input_has_other_rows;
    error.got = table->elements;
    error.lowest = error.highest = needed;
    return failure{error};
  }
  index_type s = 0;
  for (index_type i = 0; i < needed; ++i) {
    const index_type row = i / kind.width;
    while (!of_sequences && batch.first_row[s + 1] <= row) ++s;
    error.sequence = of_sequences ? row : s;
    error.row = of_sequences ? -1 : row;
    if (kind.count == 0) {
      if (is_finite(table->numbers[i])) continue;
      error.what = problem::input_is_not_finite;
      return failure{error};
    }
    if (table->ids[i] >= 0 && table->ids[i] < kind.count) continue;
    error.what = problem::input_id_outside_table;
    error.got = table->ids[i];
    error.highest = kind.count - 1;
    return failure{error};
  }
  return {};
}

/// Checks the inputs of a user's own among those that a walk reads.
constexpr result<void, batch_error> check_own_inputs(const token_batch& batch, std::span<const planned_input> inputs,
                                                     bool is_source) {
  if (batch.rows == 0) return {};
  for (const planned_input& input : inputs)
    if (input.own && (input.rows_are == axis::source) == is_source)
      if (const auto checked = check_own_input(batch, *input.own, is_source); !checked) return checked;
  return {};
}

}  // namespace typeformer::detail
