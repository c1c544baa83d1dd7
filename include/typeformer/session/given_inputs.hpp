// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/shape/own_table.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::detail {

/// Errors: an input that was not given, that has other rows than the call, or an id outside its table.
constexpr result<void, inference_error> check_given(const own_table& table, const own_input_kind& kind,
                                                    index_type rows) {
  using problem = inference_error::problem;
  const auto rejected_input = [&](problem what, index_type got, index_type limit, index_type row) {
    return failure{inference_error{what, 0, got, limit, row, false, kind.name}};
  };
  if (!table.kind) return rejected_input(problem::input_is_missing, 0, rows * kind.width, -1);
  if (table.elements != rows * kind.width)
    return rejected_input(problem::input_has_other_rows, table.elements, rows * kind.width, -1);
  for (index_type i = 0; kind.count > 0 && i < table.elements; ++i)
    if (table.ids[i] < 0 || table.ids[i] >= kind.count)
      return rejected_input(problem::input_id_outside_table, table.ids[i], kind.count, i / kind.width);
  return {};
}

}  // namespace typeformer::detail

namespace typeformer::inline TYPEFORMER_ISA {

/// The inputs of the user's own that a plan reads, given for the next call. They lie in the caller's memory. Empty for
/// a model without such inputs.
template <class Plan, std::size_t Count = own_inputs<Plan>.size()> class given_inputs {
 public:
  constexpr void give(const own_table& table) {
    for (std::size_t i = 0; i < Count; ++i)
      if (own_inputs<Plan>[i] == table.kind) tables_[i] = table;
  }
  /// Whether every input was given, for the tokens and sequences of a call.
  constexpr result<void, inference_error> check(index_type tokens, index_type sequences) const {
    for (std::size_t i = 0; i < Count; ++i) {
      const own_input_kind& kind = *own_inputs<Plan>[i];
      const index_type rows = kind.rows_are == axis::sequence ? sequences : tokens;
      if (const auto checked = detail::check_given(tables_[i], kind, rows); !checked) return checked;
    }
    return {};
  }
  constexpr void attach(token_batch& batch) const { batch.own = tables_; }
  /// The call is over.
  constexpr void clear() { tables_ = {}; }

 protected:
  std::array<own_table, Count> tables_{};
};

template <class Plan> class given_inputs<Plan, 0> {
 public:
  constexpr void give(const own_table&) {}
  constexpr result<void, inference_error> check(index_type, index_type) const { return {}; }
  constexpr void attach(token_batch&) const {}
  constexpr void clear() {}
};

/// The same for a session, which copies the rows of each of its passes, because those of several sequences are not
/// contiguous in what was given for them.
template <class Plan, std::size_t Count = own_inputs<Plan>.size()>
class session_inputs_memory : public given_inputs<Plan> {
 public:
  constexpr void start_pass() { rows_ = 0; }
  /// The next row of the pass is row `given` of what was given.
  constexpr void add(index_type given) {
    for (std::size_t i = 0; i < Count; ++i) {
      const own_table& table = this->tables_[i];
      const index_type width = table.kind->width, to = offset_of(i) + rows_ * width;
      if (table.kind->rows_are == axis::sequence) continue;
      if (table.ids) std::copy_n(table.ids + given * width, width, ids_.begin() + to);
      else std::copy_n(table.numbers + given * width, width, numbers_.begin() + to);
    }
    ++rows_;
  }
  /// What the operations of a pass read. `into` outlives the pass.
  constexpr void attach(token_batch& batch, std::array<own_table, Count>& into) const {
    into = this->tables_;
    for (std::size_t i = 0; i < Count; ++i)
      if (into[i].kind->rows_are != axis::sequence) {
        if (into[i].ids) into[i].ids = ids_.data() + offset_of(i);
        else into[i].numbers = numbers_.data() + offset_of(i);
        into[i].elements = rows_ * into[i].kind->width;
      }
    batch.own = into;
  }

 private:
  static constexpr index_type capacity_of(std::size_t i) {
    const own_input_kind& kind = *own_inputs<Plan>[i];
    return kind.rows_are == axis::sequence ? 0 : row_capacity(axis::token, Plan::use::reserved) * kind.width;
  }
  /// Of the copies of input `i` in the array of its element type.
  static constexpr index_type offset_of(std::size_t i) {
    index_type offset = 0;
    for (std::size_t before = 0; before < i; ++before)
      if ((own_inputs<Plan>[before] -> count > 0) == (own_inputs<Plan>[i] -> count > 0)) offset += capacity_of(before);
    return offset;
  }
  static constexpr std::size_t elements(bool of_ids) {
    index_type sum = 0;
    for (std::size_t i = 0; i < Count; ++i)
      if ((own_inputs<Plan>[i] -> count > 0) == of_ids) sum += capacity_of(i);
    return std::size_t(sum);
  }

  std::array<float, elements(false)> numbers_{};
  std::array<std::int32_t, elements(true)> ids_{};
  index_type rows_ = 0;
};

template <class Plan> class session_inputs_memory<Plan, 0> : public given_inputs<Plan> {
 public:
  constexpr void start_pass() {}
  constexpr void add(index_type) {}
  constexpr void attach(token_batch&, std::array<own_table, 0>&) const {}
};

}  // namespace typeformer::inline TYPEFORMER_ISA
