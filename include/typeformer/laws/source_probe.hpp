// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/encoder_states.hpp>
#include <typeformer/laws/probe.hpp>

namespace typeformer::laws {

/// One layer that reads an encoder's states, between two inputs that are parameters, so that the laws see their
/// gradients too, and a scalar.
template <class Layer, index_type Width, index_type SourceWidth> struct source_probe {
  using target = token_rows<Width>;
  using source = rows<axis::source, SourceWidth>;
  using entry = encoder_states<source>;
  using memory = encoder_memory<ref<source>>;
  using declared = infer<Layer, target, scope_with<scope<>, entry>>;
  static_assert(Shape<declared>, "the layer does not accept these widths");

  template <class Shape, class Walk> static constexpr auto input(Walk& c, const char* name) {
    constexpr index_type capacity = row_capacity(Shape::rows_are, Walk::use::reserved);
    return c.template param<parameter_kind::table, capacity, Shape::width>(named_rows{name, capacity});
  }
  template <class Shape, class Walk, class Input> static constexpr auto load(Walk& c, Input from) {
    const auto x = c.template make<Shape>();
    c.run(load_rows_operation<Shape::width>{}, from, out(x));
    return x;
  }

  /// The numbers that `token_runner` reads.
  struct inputs {
    static constexpr index_type input_width = Width, source_width = SourceWidth;
  };

  /// Delivers the layer's output.
  struct inference : inputs {
    template <class Walk> static constexpr auto walk(Walk& c) {
      const auto x = load<target>(c, input<target>(c, "input"));
      const auto states = load<source>(c, input<source>(c, "source"));
      const auto t = Layer::walk(c, x, pass_down<entry, typename Walk::use>(scope<>{}, memory{states, {}}));
      static_assert(std::is_same_v<declared, typename decltype(t.y)::shape>, "declared shape = executed shape");
      c.run(delivery{}, t.y);
      return t.y;
    }
  };

  /// Delivers the weighted sum of the output, with a backward pass to both inputs.
  struct training : inputs {
    template <class Walk> static constexpr auto walk(Walk& c) {
      const auto from = input<target>(c, "input");
      const auto x = load<target>(c, from);
      const auto source_from = input<source>(c, "source");
      const auto states = load<source>(c, source_from);
      const auto dstates = c.template make<source>();
      const auto inside = pass_down<entry, typename Walk::use>(scope<>{}, memory{states, dstates});
      const auto t = Layer::walk(c, x, inside);
      const auto loss = c.template make<rows<axis::once, 1>>();
      const auto dy = c.template make<declared>(t.y);
      c.run(weighted_sum_operation<declared::width>{}, t.y, out(loss), out(dy));
      c.run(clear_operation{}, out(dstates));
      const auto dx = Layer::walk_back(c, t, dy, inside);
      c.run(load_rows_back_operation<Width>{}, dx, gradient_of(from));
      c.run(load_rows_back_operation<SourceWidth>{}, dstates, gradient_of(source_from));
      c.run(delivery{}, loss);
      return loss;
    }
  };
};

}  // namespace typeformer::laws
