// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/reference/relative_attention_call.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::detail {

template <class N> inline constexpr attention_extents relative_extents{N::heads, N::heads, N::head_width, N::scale};

/// Tokens of earlier segments that come before the new ones in rows of this kind.
template <class W> constexpr index_type memory_of(const call<W>& c, axis rows_are) {
  return rows_are == axis::recalled ? c.reserved.memory : 0;
}

/// The rows of its tables of distances: `ahead` rows of keys after the query, then `behind` others.
struct distance_rows {
  index_type ahead = 0, behind = 0;
  constexpr index_type count() const { return ahead + behind; }
};
/// Enough for the longest of the sequences. Cached tokens are included if all keys are in the rows or if it sees later
/// keys.
template <class N, class W> constexpr distance_rows distances_in(const call<W>& c, axis rows_are) {
  const batch_rows& batch = c.batch_of(rows_are);
  const bool caches = N::looks_ahead && rows_are == axis::token && c.reserved.context > 0;
  distance_rows all;
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type past = caches ? batch.past_of(s) : batch.cached_of(s, memory_of(c, rows_are));
    all.behind = (std::max)(all.behind, past + batch.rows_of(s));
    if (N::looks_ahead) all.ahead = (std::max)(all.ahead, batch.rows_of(s) - 1);
  }
  return all;
}
/// The rows of such a table that a sequence of `queries` new tokens needs.
template <class N, class W, class S>
constexpr S* distances_of(const call<W>& c, axis rows_are, index_type queries, S* table) {
  return N::looks_ahead ? table + (distances_in<N>(c, rows_are).ahead - (queries - 1)) * N::width : table;
}

/// One sequence of a call whose keys are all in `row`.
template <class N, class W, class S>
constexpr relative_attention_call<S> relative_sequence(const call<W>& c, index_type s, block_view<const S> row,
                                                       const S* distances, const S* content, const S* position,
                                                       rows_view<S> mixed, rows_view<S> log_sum_exp) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  const index_type memory = memory_of(c, row.rows_are), past = batch.cached_of(s, memory),
                   first_key = batch.first_recalled_row(s, memory), first = batch.first_row[s];
  return {batch.rows_of(s),
          past,
          row.from(first_key + past),
          columns_from<const S>(row, N::width).from(first_key),
          columns_from<const S>(row, 2 * N::width).from(first_key),
          {distances_of<N>(c, row.rows_are, batch.rows_of(s), distances), N::width},
          content,
          position,
          batch.valid_of(s),
          mixed ? mixed.from(first) : rows_view<S>{},
          log_sum_exp ? log_sum_exp.from(first) : rows_view<S>{},
          N::looks_ahead};
}

}  // namespace typeformer::detail
