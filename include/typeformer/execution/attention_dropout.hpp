// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/self_attention_back.hpp>
#include <typeformer/kernels/attention_dropout.hpp>
#include <typeformer/layers/attention_dropout.hpp>
#include <typeformer/reference/attention_dropout.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// The numbers from which the dropout of one sequence of a call is drawn.
template <number Rate> constexpr probability_dropout probability_dropout_of(random_source from, index_type first_head) {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word & 0xFFFF'FFFFu); };
  return {{low(from.seed), low(from.seed >> 32)},
          from.place,
          low(from.step),
          low(from.step >> 32),
          static_cast<std::uint32_t>(first_head),
          static_cast<std::uint32_t>(Rate.value * 4294967296.0),
          1 / (1 - Rate.value)};
}

}  // namespace detail

template <class N, number Rate, class W, class S, class Bias>
constexpr void execute(dropped_attention_operation<N, Rate>, const call<W>& c, block_view<const S> row,
                       block_view<const S> panels, Bias bias, random_source from, block_view<S> mixed,
                       block_view<S> log_sum_exp) {
  const batch_rows& batch = c.batch_of(row.rows_are);
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto rule = detail::rule_of<N, S>(c, batch, row.rows_are, s, detail::bias_data(bias));
    const dropping_attention_call<S> one{
        detail::sequence_call<N, S>(c.reserved, batch, s, row, panels.data, mixed, log_sum_exp, &rule),
        detail::probability_dropout_of<Rate>(from, s * N::heads)};
    kernels::attention<with_dropout<detail::mask_of<N>>, S>(detail::extents_in<N>(c), one, c.workers);
  }
}

template <class N, number Rate, class W, class S, class Bias, class DBias>
constexpr void execute(dropped_attention_back_operation<N, Rate>, const call<W>& c, block_view<const S> row,
                       block_view<const S> panels, Bias bias, random_source from, block_view<const S> mixed,
                       block_view<const S> log_sum_exp, block_view<const S> dmixed, block_view<S> drow, DBias dbias) {
  detail::attend_back<N, with_dropout<detail::mask_of<N>>>(
      c, row, panels, bias, mixed, log_sum_exp, dmixed, drow, dbias,
      [from](index_type s, const attention_call<S>& one) {
        return dropping_attention_call<S>{one, detail::probability_dropout_of<Rate>(from, s * N::heads)};
      });
}

}  // namespace typeformer
