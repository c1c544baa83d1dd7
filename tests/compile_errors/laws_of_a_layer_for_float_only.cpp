// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: execute_takes_no_double<mine::half>
#include <typeformer/laws/examine_layer.hpp>

namespace tf = typeformer;

namespace mine {

struct halve {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows; }
};
template <class W>
constexpr void execute(halve, const tf::call<W>&, tf::block_view<const float> x, tf::block_view<float> y) {
  for (tf::index_type i = 0; i < x.rows * x.stride; ++i) y.data[i] = x.data[i] / 2;
}

struct half {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(halve{}, x, out(y));
    return trace_of<X>{y};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(halve{}, dy, out(dx));
    return dx;
  }
};

}  // namespace mine

int main() {
  return typeformer::laws::examine_layer<mine::half, 8>().passed();  // expect-own-line
}
