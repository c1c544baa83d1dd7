// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The largest distance between two tokens for which a table of biases has a number.
constexpr index_type longest_distance(const capacities& reserved, axis rows_are) {
  const index_type tokens = reserved.tokens_of(rows_are);
  return rows_are != axis::source && reserved.context > tokens ? reserved.context : tokens;
}

/// Numbers of one head's row in such a table: distances −longest … longest, and padding that kernels may read.
constexpr index_type distances(const capacities& reserved, axis rows_are) {
  return 2 * longest_distance(reserved, rows_are) + 1 + key_block;
}

/// A table [heads][distances] of the numbers that are added to the scores.
template <class Use, axis RowsAre, index_type Heads>
using distance_table = ref<rows<axis::once, Heads * distances(Use::reserved, RowsAre)>>;

/// What a layer passes down to the attentions below it: a table of the numbers that are added to the scores of `Heads`
/// heads, for keys on both sides of the query or only for those before it, and, if it can be trained, how its gradient
/// is accumulated.
template <index_type Heads, axis RowsAre, bool OfBothSides, class Parameter = nothing, class BackOperation = nothing>
struct position_bias {
  using key = passes::position_bias;
  static constexpr index_type head_count = Heads;
  static constexpr bool of_both_sides = OfBothSides, learns = !std::is_same_v<Parameter, nothing>;
  using back_operation = BackOperation;

  template <class Use> struct value {
    distance_table<Use, RowsAre, Heads> table{};
    [[no_unique_address]] Parameter parameter{};
  };
};

}  // namespace typeformer
