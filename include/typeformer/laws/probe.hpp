// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer::laws {

template <index_type Width> struct load_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Width> struct load_rows_back_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
/// loss = sum of weight · y over all elements in use, each with its own weight; dy = weight. Rows of padding do not
/// count.
template <index_type Width> struct weighted_sum_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

template <index_type Width, class W, class S>
void execute(load_rows_operation<Width>, const call<W>&, row_major_view<const S> input, block_view<S> x) {
  for (index_type i = 0; i < x.rows * Width; ++i) x.data[i] = input.data[i];
}
template <index_type Width, class W, class S>
void execute(load_rows_back_operation<Width>, const call<W>&, block_view<const S> dx, row_major_view<S> dinput) {
  for (index_type i = 0; i < dx.rows * Width; ++i) dinput.data[i] += dx.data[i];
}
template <index_type Width, class W, class S>
void execute(weighted_sum_operation<Width>, const call<W>& c, block_view<const S> y, block_view<S> loss,
             block_view<S> dy) {
  const batch_rows& batch = c.batch;
  S sum{0};
  index_type counted = 0;
  const auto add_row = [&](index_type row, bool counts) {
    for (index_type i = 0; i < Width; ++i) {
      const S weight = counts ? S(counted++ * 37 % 19 - 9) / S(9) : S{0};
      if (counts) sum += weight * y[row][i];
      dy[row][i] = weight;
    }
  };
  if (y.rows_are == axis::token && batch.key_valid)
    for (index_type s = 0; s < batch.sequences; ++s)
      for (index_type i = 0; i < batch.rows_of(s); ++i)
        add_row(batch.first_row[s] + i, batch.key_valid[s * batch.key_stride + i] != 0);
  else
    for (index_type row = 0; row < y.rows; ++row) add_row(row, true);
  loss.data[0] = sum;
}

/// One layer between an input that is a parameter, so that the laws see its gradient too, and a scalar.
template <class Layer, index_type Width> struct probe {
  using in = token_rows<Width>;
  using declared = infer<Layer, in>;
  static_assert(Shape<declared>, "the layer does not accept this width");

  template <class Walk> static constexpr auto input(Walk& c) {
    constexpr index_type capacity = row_capacity(axis::token, Walk::use::reserved);
    return c.template param<parameter_kind::table, capacity, Width>(named_rows{"input", capacity});
  }
  template <class Walk, class Input> static constexpr auto load(Walk& c, Input input) {
    const auto x = c.template make<in>();
    c.run(load_rows_operation<Width>{}, input, out(x));
    return x;
  }
  template <class Trace> static constexpr void check_shape(const Trace&) {
    static_assert(std::is_same_v<declared, typename decltype(Trace::y)::shape>, "declared shape = executed shape");
  }

  /// The numbers that `token_runner` reads.
  struct inputs {
    static constexpr index_type input_width = Width, source_width = 0;
  };

  /// Delivers the layer's output.
  struct inference : inputs {
    template <class Walk> static constexpr auto walk(Walk& c) {
      const auto t = Layer::walk(c, load(c, input(c)), scope<>{});
      check_shape(t);
      c.run(delivery{}, t.y);
      return t.y;
    }
  };

  /// Delivers the weighted sum of the output, with a backward pass.
  struct training : inputs {
    template <class Walk> static constexpr auto walk(Walk& c) {
      const auto from = input(c);
      const auto t = Layer::walk(c, load(c, from), scope<>{});
      const auto loss = c.template make<rows<axis::once, 1>>();
      const auto dy = c.template make<declared>(t.y);
      c.run(weighted_sum_operation<declared::width>{}, t.y, out(loss), out(dy));
      const auto dx = Layer::walk_back(c, t, dy, scope<>{});
      static_assert(std::is_same_v<in, typename decltype(dx)::shape>, "the gradient has the shape of the input");
      c.run(load_rows_back_operation<Width>{}, dx, gradient_of(from));
      c.run(delivery{}, loss);
      return loss;
    }
  };
};

}  // namespace typeformer::laws
