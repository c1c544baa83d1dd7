// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The largest distance between two tokens for which a table of biases has a number.
constexpr index longest_distance(const capacities& reserved, axis rows_are) {
  const index tokens = reserved.tokens_of(rows_are);
  return rows_are != axis::source && reserved.context > tokens ? reserved.context : tokens;
}

/// Numbers of one head's row in such a table: distances −longest … longest, and room that kernels may read.
constexpr index distances(const capacities& reserved, axis rows_are) {
  return 2 * longest_distance(reserved, rows_are) + 1 + key_block;
}

/// A table [heads][distances] of what is added to the scores.
template <class Use, axis RowsAre, index Heads>
using distance_table = ref<rows<axis::once, Heads * distances(Use::reserved, RowsAre)>>;

/// What a layer passes down to the attentions below it: the table, and how its gradient comes back, if it learns.
template <class Table, class Parameter = nothing, class BackOperation = nothing> struct position_bias_scope {
  Table table{};
  Parameter parameter{};
  static constexpr bool learns = !std::is_same_v<Parameter, nothing>;
  using back_operation = BackOperation;
};

}  // namespace typeformer
