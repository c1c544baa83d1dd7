// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/references.hpp>

/// A small layer with everything that laws check, and with selectable faults.
namespace typeformer::mutants {

enum class fault {
  none,
  gradient_of_another_function,
  rows_without_name,
  state_in_evaluation,
  half_precision,
  sums_of_the_sequence_before,
  padding_counts,
  padding_gets_gradients,
  caches_nothing,
  goes_on_after_a_reset,
  sequences_in_the_last_axis,
  sum_without_positions,
  sum_that_says_so
};

template <index_type Width, fault F> struct summing_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width; }
};
template <index_type Width, fault F> struct cached_summing_operation : summing_operation<Width, F> {};
template <index_type Width, fault F> struct summing_back_operation : summing_operation<Width, F> {};

/// y_t = g · (x_0 + … + x_t) over the valid tokens of a sequence; 0 where a token is not valid.
///
/// x, y [tokens][width], g [width]. State [sequences][context][width]: the sum up to each position.
template <fault F = fault::none> struct summing {
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y, x;
    parameter<parameter_kind::vector, X::width, 1> gain;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto gain = c.template param<parameter_kind::vector, X::width, 1>(
        named_rows{"gain", X::width - (F == fault::rows_without_name)});
    const X y = c.template make<typename X::shape>();
    if constexpr (Walk::use::caches || F == fault::state_in_evaluation) {
      const auto sums =
          c.template state<rows<axis::context, X::width>, state_traits{.rewinds = F != fault::sum_that_says_so}>();
      if constexpr (Walk::use::caches) c.run(cached_summing_operation<X::width, F>{}, x, gain, sums, out(sums), out(y));
      else c.run(summing_operation<X::width, F>{}, x, gain, out(y));
    } else {
      c.run(summing_operation<X::width, F>{}, x, gain, out(y));
    }
    return trace_of<X>{y, x, gain};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>();
    c.run(summing_back_operation<X::width, F>{}, t.x, t.gain, dy, out(dx), gradient_of(t.gain));
    return dx;
  }
};

namespace detail {
/// Calls f(row) for the valid rows of a sequence.
template <fault F, class Each> constexpr void for_each_valid(const batch_rows& batch, index_type s, Each&& f) {
  for (index_type i = 0; i < batch.rows_of(s); ++i)
    if (F == fault::padding_counts || !batch.key_valid || batch.key_valid[s * batch.key_stride + i])
      f(batch.first_row[s] + i);
}
}  // namespace detail

template <index_type Width, fault F, class W, class S>
constexpr void execute(summing_operation<Width, F>, const call<W>& c, block_view<const S> x, const S* gain,
                       block_view<S> y) {
  for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = S{0};
  for (index_type i = 0; i < Width; ++i) {
    S sum{0};
    for (index_type s = 0; s < c.batch.sequences; ++s) {
      if (F != fault::sums_of_the_sequence_before) sum = S{0};
      detail::for_each_valid<F>(c.batch, s, [&](index_type row) {
        sum += x[row][i];
        y[row][i] = gain[i] * sum;
        if (F == fault::half_precision && sizeof(S) == sizeof(float)) y[row][i] *= S(1.001);
      });
    }
  }
}
template <index_type Width, fault F, class W, class S>
constexpr void execute(cached_summing_operation<Width, F>, const call<W>& c, block_view<const S> x, const S* gain,
                       const S* before, S* after, block_view<S> y) {
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const auto place = [&](index_type position) {
      if (F == fault::sum_without_positions || F == fault::sum_that_says_so) position = 0;
      return (F == fault::sequences_in_the_last_axis ? position * c.reserved.batch + s
                                                     : s * c.reserved.context + position) *
             Width;
    };
    for (index_type i = 0; i < Width; ++i) {
      index_type position = c.batch.past_of(s);
      S sum{0};
      if (position > 0 || F == fault::goes_on_after_a_reset) sum = before[place(position > 0 ? position - 1 : 0) + i];
      if (F == fault::caches_nothing) sum = S{0};
      for (index_type row = c.batch.first_row[s]; row < c.batch.first_row[s + 1]; ++row) {
        sum += x[row][i];
        y[row][i] = gain[i] * sum;
        after[place(position++) + i] = sum;
      }
    }
  }
}
template <index_type Width, fault F, class W, class S>
constexpr void execute(summing_back_operation<Width, F>, const call<W>& c, block_view<const S> x, const S* gain,
                       block_view<const S> dy, block_view<S> dx, S* dgain) {
  for (index_type i = 0; i < x.rows * Width; ++i) dx.data[i] = F == fault::padding_gets_gradients ? S(0.01) : S{0};
  for (index_type s = 0; s < c.batch.sequences; ++s)
    for (index_type i = 0; i < Width; ++i) {
      S sum{0}, of_later{0};
      detail::for_each_valid<F>(c.batch, s, [&](index_type row) {
        dgain[i] += dy[row][i] * (sum += x[row][i]);
        of_later += gain[i] * dy[row][i];
      });
      detail::for_each_valid<F>(c.batch, s, [&](index_type row) {  // dx_t = g · Σ dy over t and later
        dx[row][i] = of_later;
        of_later -= gain[i] * dy[row][i];
        if (F == fault::gradient_of_another_function) dx[row][i] *= S(1.0001);
      });
    }
}

}  // namespace typeformer::mutants
