// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <class N, class W, class S, class Bias, class DBias>
constexpr void execute(attention_back_operation<N>, const call<W>& c, block_view<const S> row,
                       block_view<const S> panels, Bias bias, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<const S> dmixed, block_view<S> drow, DBias dbias) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type first = batch.first_row[s];
    auto rule = detail::rule_of<N, S>(c, batch, row.rows_are, s, detail::bias_data(bias));
    if constexpr (std::is_same_v<DBias, block_view<S>>) rule.dbias = dbias.data;
    kernels::attention_back<detail::mask_of<N>, S>(
        detail::extents_in<N>(c),
        detail::sequence_call<N, S>(c.reserved, batch, s, row, panels.data, detail::as_input<S>(mixed),
                                    detail::as_input<S>(log_sum_exp), &rule),
        dmixed.from(first), drow.from(first), detail::columns_from<S>(drow, N::query_width).from(first),
        detail::columns_from<S>(drow, N::query_width + N::key_width).from(first), c.workers);
  }
}

}  // namespace typeformer
