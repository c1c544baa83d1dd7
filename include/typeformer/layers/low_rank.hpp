// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/scale.hpp>

namespace typeformer {

/// Rows of A and columns of B in a low-rank update.
template <index_type N> struct rank {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// The update is multiplied by alpha / rank.
template <number A> struct alpha {
  static constexpr double value = A.value;
  static constexpr bool in_range = value >= -largest_number && value <= largest_number;
};

/// Low-rank adaptation of a matrix W: W + (alpha / rank) B A, where fine-tuning trains only A and B (Hu et al. 2021,
/// arXiv:2106.09685, §4.1).
template <class Rank, class Alpha = alpha<double(Rank::value)>> struct low_rank {
  using checked_options = check_arguments<low_rank, expects<rank<1>, Rank>, expects<alpha<1.0>, Alpha>>;
  static constexpr index_type rank_value = argument_value<rank<1>, Rank>;
  static constexpr double alpha_value = argument_value<alpha<1.0>, Alpha>;
  static constexpr double scale = alpha_value / double(rank_value > 0 ? rank_value : 1);
};

/// y is the row, with the part added to `Columns` of its `Width` columns.
template <index_type Width, index_type First, index_type Columns> struct add_to_columns_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Columns; }
};
template <index_type Width, index_type First, index_type Columns> struct take_columns_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

namespace detail {

struct low_rank_names {
  const char *a, *b;
};

/// Adds (alpha / rank) (x Aᵀ) Bᵀ to `Columns` columns of a projection of x, from column `First` on.
///
/// x [rows][inputs], A [rank][inputs], B [columns][rank].
template <class Adapter, index_type Inputs, index_type First, index_type Columns> struct low_rank_update {
  static constexpr index_type rank = Adapter::rank_value;
  using down_map = affine<Inputs, rank, false>;
  using up_map = affine<rank, Columns, false>;

  template <class Before, class Down, class Up> struct trace_of {
    using update = low_rank_update;
    decltype(Before::y) y;
    Before before;  // the trace of the projection, or of an update before this one
    Down down;
    Up up;
  };

  template <class Walk, class X, class Before>
  static constexpr auto walk(Walk& c, X x, Before before, low_rank_names names) {
    using row = decltype(before.y);
    const auto a = c.template param<parameter_kind::matrix, rank, Inputs>(named_rows{names.a, rank});
    const auto b = c.template param<parameter_kind::matrix, Columns, rank>(named_rows{names.b, Columns});
    auto down = down_map::walk(c, x, a, nothing{});
    auto up = up_map::walk(c, scaled(c, down.y), b, nothing{});
    if constexpr (Columns == row::width) {
      const row y = c.template make<typename row::shape>(before.y, up.y);
      c.run(add_operation<Columns>{}, before.y, up.y, out(y));
      return trace_of<Before, decltype(down), decltype(up)>{y, before, down, up};
    } else {
      const row y = c.template make<typename row::shape>(before.y);
      c.run(add_to_columns_operation<row::width, First, Columns>{}, before.y, up.y, out(y));
      return trace_of<Before, decltype(down), decltype(up)>{y, before, down, up};
    }
  }
  /// dx of the projection before, plus that of the update.
  template <class Walk, class Trace, class DY, class DX> static constexpr DX walk_back(Walk& c, Trace t, DY dy, DX dx) {
    const auto dscaled = up_map::walk_back(c, t.up, columns_of(c, dy));
    const auto dmore = down_map::walk_back(c, t.down, scaled(c, dscaled));
    const DX sum = c.template make<typename DX::shape>(dx, dmore);
    c.run(add_operation<Inputs>{}, dx, dmore, out(sum));
    return sum;
  }

 private:
  // Scaling costs least at this width.
  template <class Walk, class X> static constexpr X scaled(Walk& c, X x) {
    return detail::scaled<Adapter::scale>(c, x);
  }
  template <class Walk, class DY> static constexpr auto columns_of(Walk& c, DY dy) {
    if constexpr (Columns == DY::width) {
      return dy;
    } else {
      const auto part = c.template make<rows<DY::rows_are, Columns>>();
      c.run(take_columns_operation<DY::width, First, Columns>{}, dy, out(part));
      return part;
    }
  }
};

/// The trace of a projection with an update, or, unless `Wanted`, of the projection alone.
template <bool Wanted, class Update, class Walk, class X, class Before>
constexpr auto walk_update_if(Walk& c, X x, Before before, low_rank_names names) {
  if constexpr (Wanted) return Update::walk(c, x, before, names);
  else return before;
}

/// The backward pass of the updates of `walk_update_if`, if there are any, and of the projection itself.
template <class Map, class Walk, class Trace, class DY> constexpr auto walk_back_with_updates(Walk& c, Trace t, DY dy) {
  if constexpr (requires { typename Trace::update; })
    return Trace::update::walk_back(c, t, dy, walk_back_with_updates<Map>(c, t.before, dy));
  else return Map::walk_back(c, t, dy);
}

}  // namespace detail

}  // namespace typeformer
