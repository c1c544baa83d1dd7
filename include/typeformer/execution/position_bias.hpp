// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// Calls f(head, distance, number) for all numbers of a table of distances. The padding after them becomes 0.
template <axis RowsAre, index_type Heads, class W, class S, class F>
constexpr void for_each_distance(const call<W>& c, S* table, F&& f) {
  const index_type longest = longest_distance(c.reserved, RowsAre), stride = distances(c.reserved, RowsAre);
  for (index_type head = 0; head < Heads; ++head)
    for (index_type i = 0; i < stride; ++i) f(head, i - longest, table[head * stride + i]);
}

/// Calls f(place in a head's numbers, how many a head has, bucket) for all distances; the bucket of the padding is -1.
template <axis RowsAre, class W, class F>
constexpr void for_each_bucket(const call<W>& c, distance_buckets buckets, F&& f) {
  const index_type longest = longest_distance(c.reserved, RowsAre), stride = distances(c.reserved, RowsAre);
  for (index_type i = 0; i < stride; ++i)
    f(i, stride, i > 2 * longest ? index_type{-1} : reference::relative_position_bucket(i - longest, buckets));
}

}  // namespace detail

template <distance_buckets Buckets, index_type Heads, axis RowsAre, class W, class S>
constexpr void execute(relative_position_bias_operation<Buckets, Heads, RowsAre>, const call<W>& c,
                       row_major_view<const S> weight, block_view<S> table) {
  detail::for_each_bucket<RowsAre>(c, Buckets, [&](index_type i, index_type stride, index_type bucket) {
    for (index_type head = 0; head < Heads; ++head)
      table.data[head * stride + i] = bucket < 0 ? S{0} : weight(bucket, head);
  });
}
template <distance_buckets Buckets, index_type Heads, axis RowsAre, class W, class S>
constexpr void execute(relative_position_bias_back_operation<Buckets, Heads, RowsAre>, const call<W>& c,
                       block_view<const S> dtable, row_major_view<S> dweight) {
  detail::for_each_bucket<RowsAre>(c, Buckets, [&](index_type i, index_type stride, index_type bucket) {
    for (index_type head = 0; head < Heads && bucket >= 0; ++head)
      dweight(bucket, head) += dtable.data[head * stride + i];
  });
}

template <index_type Heads, axis RowsAre, index_type Exponent, number Factor, class W, class S>
constexpr void execute(alibi_operation<Heads, RowsAre, Exponent, Factor>, const call<W>& c, block_view<S> table) {
  index_type power = 1;
  while (2 * power <= Heads) power *= 2;
  detail::for_each_distance<RowsAre, Heads>(c, table.data, [&](index_type head, index_type distance, S& bias) {
    const double part = head < power ? double(head + 1) : double(head - power) + 0.5;
    const double slope = math::exp(-double(Exponent) * part / double(power) * 0.693147180559945309);
    bias = S(-Factor.value * slope * double(distance < 0 ? -distance : distance));
  });
}

}  // namespace typeformer
