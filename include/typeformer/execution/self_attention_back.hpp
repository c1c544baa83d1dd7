// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// The backward pass of every sequence; `call_of(s, call)` is the call that the kernel gets for sequence `s`.
template <class N, class Mask, class W, class S, class Bias, class DBias, class CallOf>
constexpr void attend_back(const call<W>& c, block_view<const S> row, block_view<const S> panels, Bias bias,
                           block_view<const S> mixed, block_view<const S> log_sum_exp, block_view<const S> dmixed,
                           block_view<S> drow, [[maybe_unused]] DBias dbias, const CallOf& call_of) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type first = batch.first_row[s];
    auto rule = rule_of<N, S>(c, batch, row.rows_are, s, bias_data(bias));
    if constexpr (std::is_same_v<DBias, block_view<S>>) rule.dbias = dbias.data;
    const auto one = call_of(s, sequence_call<N, S>(c.reserved, batch, s, row, panels.data, as_input<S>(mixed),
                                                    as_input<S>(log_sum_exp), &rule));
    kernels::attention_back<Mask, S>(extents_in<N>(c), one, dmixed.from(first), drow.from(first),
                                     columns_from<S>(drow, N::query_width).from(first),
                                     columns_from<S>(drow, N::query_width + N::key_width).from(first), c.workers);
  }
}

}  // namespace detail

template <class N, class W, class S, class Bias, class DBias>
constexpr void execute(attention_back_operation<N>, const call<W>& c, block_view<const S> row,
                       block_view<const S> panels, Bias bias, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<const S> dmixed, block_view<S> drow, DBias dbias) {
  detail::attend_back<N, detail::mask_of<N>>(c, row, panels, bias, mixed, log_sum_exp, dmixed, drow, dbias,
                                             [](index_type, const attention_call<S>& one) { return one; });
}

}  // namespace typeformer
