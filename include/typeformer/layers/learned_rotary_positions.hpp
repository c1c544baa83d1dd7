// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/rotary_angles.hpp>
#include <typeformer/reference/rotary_frequencies.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Kind of the options that say what `learned_rotary_positions` rotate.
struct rotated_parts;
struct queries_and_keys {
  using option_kind = rotated_parts;
  static constexpr bool has_values = false;
};
struct queries_keys_and_values {
  using option_kind = rotated_parts;
  static constexpr bool has_values = true;
};

template <index_type RotaryWidth> struct learned_rotary_table_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Numbers, index_type RotaryWidth, class Pairs, bool HasValues> struct learned_rotary_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Numbers::row_width; }
};

/// What `learned_rotary_positions` passes down: the rows of the table that this call reads, [rows][cosines, sines], and
/// how the gradient of the table is accumulated.
template <axis RowsAre, index_type RotaryWidth, class Pairs, bool HasValues, class Parameter>
struct learned_rotary_angles {
  using key = passes::rotary;
  static constexpr index_type width = RotaryWidth;
  static constexpr std::array widths{RotaryWidth};
  template <class Numbers> using back_operation = learned_rotary_back_operation<Numbers, RotaryWidth, Pairs, HasValues>;
  template <class Use> struct value {
    ref<rows<RowsAre, RotaryWidth>> table{};
    Parameter parameter{};
  };
};

/// The element of a table of `learned_rotary_positions` before any training: the sine or the cosine of position ·
/// 10000^(−2i/width).
template <index_type RotaryWidth> constexpr double rotary_sinusoid(index_type position, index_type column) {
  constexpr index_type pairs = RotaryWidth / 2;
  const double angle = double(position) * reference::rotary_frequency(column % pairs, RotaryWidth, 10000.0);
  return column < pairs ? math::sin(angle) : math::cos(angle);
}

/// Rotary positions (Su et al. 2021, arXiv:2104.09864, §3.2) whose sines and cosines are a parameter: the attentions
/// after it rotate their queries and keys, and their values with `queries_keys_and_values`, by row `position` of the
/// table. All layers share it, and the gradient is the sum over them. So are the files of RoFormer (in its published
/// code). The stream itself passes unchanged.
///
/// table [context][width/2 sines, width/2 cosines]; `rotary_sinusoid` is what it begins with.
template <class Context, class RotaryWidth, class Pairs = adjacent_pairs, class Parts = queries_and_keys>
struct learned_rotary_positions {
  static constexpr const char* name = "rotary_positions";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              width = argument_value<rotary_width<2>, RotaryWidth>;
  using checked_options = check_arguments<learned_rotary_positions, expects<typeformer::context<1>, Context>,
                                          expects<rotary_width<2>, RotaryWidth>, expects<rotary_pairs, Pairs>,
                                          expects<rotated_parts, Parts>>;
  template <TokenRows In> using infer = In;

  using table_parameter = parameter<parameter_kind::table, context, width>;
  template <class In>
  using passes_down = learned_rotary_angles<In::rows_are, width, Pairs, Parts::has_values, table_parameter>;

  template <class X, class Passed> struct trace_of {
    X y;
    Passed passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using angles = typename passes_down<typename X::shape>::template value<typename Walk::use>;
    c.enter(name);
    const auto weight = c.template param<parameter_kind::table, context, width>(named_rows{"weight", context});
    c.leave();
    const auto table = c.template make<rows<X::rows_are, width>>();
    c.run(learned_rotary_table_operation<width>{}, c.template input<token_positions, X::rows_are>(), weight,
          out(table));
    return trace_of<X, angles>{x, angles{table, weight}};
  }
  /// The backward pass of the attentions has already added the gradient of the table.
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
