// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/shape/class_rows.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Kind of the options of an embedding of real values that put learned vectors before the rows that are read.
struct class_token_option;
/// The first row of each sequence is a learned vector instead of a projected row (Dosovitskiy et al. 2021,
/// arXiv:2010.11929, eq. 1). The features or patches are those of the rows after it.
struct class_token {
  using option_kind = class_token_option;
  static constexpr index_type count = 1;
};
/// The first two rows are learned vectors, of which the second learns from a teacher (Touvron et al. 2021,
/// arXiv:2012.12877, §4).
struct class_and_distillation_token {
  using option_kind = class_token_option;
  static constexpr index_type count = 2;
};
struct without_class_token {
  using option_kind = class_token_option;
  static constexpr index_type count = 0;
};

template <index_type Width, class_row_layout Learned> struct class_token_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Width, class_row_layout Learned> struct class_token_back_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
/// Gradients of W and b only: the values of a batch have none.
template <index_type Inputs, index_type Width> struct projection_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Inputs * Width; }
};

namespace detail {

template <class Y, class X, class Weight, class Bias, class Token, class Scope> struct projected_trace {
  Y y;
  X x;
  Weight weight;
  Bias bias;
  Token token;
  Scope scope;
};

/// y = x Wᵀ + b for rows that `load` takes from the batch, and what the embeddings of real values share.
template <index_type Inputs, index_type Width, class_row_layout Learned> struct projected_rows {
  template <axis RowsAre, class Walk, class Load, class InputRef, class Scope>
  static constexpr auto walk(Walk& c, Load load, InputRef input, Scope s) {
    const auto token = class_token_of(c);
    c.enter("projection");
    const auto weight = c.template param<parameter_kind::matrix, Width, Inputs>(named_rows{"weight", Width});
    const auto bias = c.template param<parameter_kind::vector, Width, 1>(named_rows{"bias", Width});
    c.leave();
    const auto x = c.template make<rows<RowsAre, Inputs>>();
    c.run(load, input, out(x));
    const auto projected = affine<Inputs, Width, true>::walk(c, x, weight, bias).y;
    const auto y = with_token(c, projected, token);
    return projected_trace<ref<rows<RowsAre, Width>>, ref<rows<RowsAre, Inputs>>,
                           parameter<parameter_kind::matrix, Width, Inputs>,
                           parameter<parameter_kind::vector, Width, 1>, token_parameter, Scope>{y,    x,     weight,
                                                                                                bias, token, s};
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    const projection_back_operation<Inputs, Width> back{};
    if constexpr (Learned.count > 0) {
      const auto dprojected = c.template make<typename DY::shape>(dy);
      c.run(class_token_back_operation<Width, Learned>{}, dy, out(dprojected), gradient_of(t.token));
      c.run(back, t.x, dprojected, gradient_of(t.weight), gradient_of(t.bias));
    } else {
      c.run(back, t.x, dy, gradient_of(t.weight), gradient_of(t.bias));
    }
  }

 private:
  using token_parameter =
      std::conditional_t<(Learned.count > 0), parameter<parameter_kind::table, Learned.count, Width>, nothing>;

  template <class Walk> static constexpr token_parameter class_token_of(Walk& c) {
    static_assert(Learned.count <= 2);
    constexpr named_rows first{"class_token", 1};
    if constexpr (Learned.count == 2)
      return c.template param<parameter_kind::table, 2, Width>(first, named_rows{"distillation_token", 1});
    else if constexpr (Learned.count == 1) return c.template param<parameter_kind::table, 1, Width>(first);
    else return {};
  }
  template <class Walk, class Y> static constexpr Y with_token(Walk& c, Y projected, token_parameter token) {
    if constexpr (Learned.count > 0) {
      const Y y = c.template make<typename Y::shape>(projected);
      c.run(class_token_operation<Width, Learned>{}, projected, token, out(y));
      return y;
    } else {
      return projected;
    }
  }
};

}  // namespace detail

}  // namespace typeformer
