// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
template <class Layer> struct dropout_rate_is_not_from_zero_to_below_one : mismatch {};
}  // namespace error

/// The elements that a dropout keeps, drawn from (seed, step, site, iterations of the loops, element), so that nothing
/// is stored.
template <index_type Width, number Rate, class Generator> struct dropout_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// In training each element is set to zero with probability `Rate` and multiplied by 1 / (1 − Rate) otherwise. In
/// inference the stream passes unchanged (Srivastava et al. 2014, §4, in the inverted form).
///
/// x, y [rows][width]. `Generator` is counter-based: `block(counter, key)` returns four words of 32 bits (`philox`, or
/// the library's through `random123_philox`). A walk that is repeated under `checkpoint` keeps the same elements. The
/// `token_batch` has the seed and the step.
template <number Rate, class Generator = philox> struct dropout {
  static constexpr bool is_composition = true;  // no parameters to number
  static constexpr bool in_range = Rate.value >= 0 && Rate.value < 1;
  template <class In>
  using infer = std::conditional_t<in_range, In, error::dropout_rate_is_not_from_zero_to_below_one<dropout>>;

  template <class X> struct trace_of {
    X y;
    random_site site{};
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    if constexpr (Walk::use::drops_out && Rate.value > 0) {
      const X y = c.template make<typename X::shape>(x);
      const random_site site = c.random_site();
      c.run(dropout_operation<X::width, Rate, Generator>{}, x, site, out(y));
      return trace_of<X>{y, site};
    } else {
      return trace_of<X>{x};
    }
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope) {
    if constexpr (Walk::use::drops_out && Rate.value > 0) {
      const DY dx = c.template make<typename DY::shape>(dy);  // y = mask · x: dx = mask · dy
      c.run(dropout_operation<DY::width, Rate, Generator>{}, dy, t.site, out(dx));
      return dx;
    } else {
      return dy;
    }
  }
};

}  // namespace typeformer
