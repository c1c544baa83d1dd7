// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/rotary_angles.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Several tables, one after the other in one buffer: [table][rows][the table's width].
template <class... Tables> struct rotary_tables_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return (Tables::flops(rows) + ...); }
};

namespace detail {

template <class Layer> inline constexpr bool is_rotary_positions = false;
template <class... Arguments> inline constexpr bool is_rotary_positions<rotary_positions<Arguments...>> = true;

template <class Layer> constexpr auto checked_tables() { return std::type_identity<nothing>{}; }
template <class Layer, class First, class... Rest> constexpr auto checked_tables() {
  if constexpr (!is_rotary_positions<First>)
    return std::type_identity<
        error::wrong_template_argument<First, rotary_positions<context<1>, rotary_width<2>>, Layer>>{};
  else if constexpr (!Shape<typename First::checked_options>)
    return std::type_identity<typename First::checked_options>{};
  else return checked_tables<Layer, Rest...>();
}
/// The layer itself, or, if it has no table, one that `checked_tables` reports anyway.
template <class Layer>
using layer_of_table =
    std::conditional_t<is_rotary_positions<Layer>, Layer, rotary_positions<context<1>, rotary_width<2>>>;

}  // namespace detail

/// Rotary positions that are not the same in all layers: iteration i of the outermost loop uses the `rotary_positions`
/// number `Of(i)`, counted from 0, or rotates nothing if that is −1. So are Gemma 3, whose layers with a window have
/// another θ (Gemma Team 2025, arXiv:2503.19786, §2), and SmolLM3, of whose layers some have no positions (Yang et al.
/// 2025, arXiv:2501.18795, §3). The stream itself passes unchanged.
///
/// All tables of a call are in one buffer. The context is the shortest of theirs. Precondition: `Of` returns −1 or the
/// number of a table for every layer.
template <index_type (*Of)(index_type iteration), class First, class... Rest> struct rotary_positions_of_layers {
  static constexpr const char* name = "rotary_positions";
  static constexpr index_type context =
      (std::min)({detail::layer_of_table<First>::context, detail::layer_of_table<Rest>::context...});
  static constexpr index_type width =
      (detail::layer_of_table<First>::width + ... + detail::layer_of_table<Rest>::width);
  using checked_options = typename decltype(detail::checked_tables<rotary_positions_of_layers, First, Rest...>())::type;
  template <TokenRows In> using infer = In;
  template <class In>
  using passes_down =
      rotary_angles_of_layers<In::rows_are, Of, typename detail::layer_of_table<First>::template passes_down<In>,
                              typename detail::layer_of_table<Rest>::template passes_down<In>...>;

  template <class X> struct trace_of {
    X y;
    ref<rows<X::rows_are, width>> passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto tables = c.template make<rows<X::rows_are, width>>();
    c.run(rotary_tables_operation<typename First::table_operation, typename Rest::table_operation...>{},
          c.template input<token_positions, X::rows_are>(), out(tables));
    return trace_of<X>{x, tables};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
