// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: operation_has_no_execute_for_its_arguments<.*scale_rows<8>\(x, out\(state\), out\(y\)\).*mine::my_layer
#include <typeformer/laws/examine_layer.hpp>

namespace tf = typeformer;

namespace mine {

template <tf::index_type Width> struct scale_rows {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <tf::index_type Width, class W, class S>
constexpr void execute(scale_rows<Width>, const tf::call<W>&, tf::block_view<const S> x, tf::block_view<S> y) {
  for (tf::index_type i = 0; i < x.rows * Width; ++i) y.data[i] = 2 * x.data[i];
}

struct my_layer {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    if constexpr (Walk::use::caches)
      c.run(scale_rows<X::width>{}, x, out(c.template state<tf::sequence_rows<X::width>>()), out(y));
    else c.run(scale_rows<X::width>{}, x, out(y));
    return trace_of<X>{y};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(scale_rows<DY::width>{}, dy, out(dx));
    return dx;
  }
};

}  // namespace mine

int main() { return tf::laws::examine_layer<mine::my_layer, 8>().passed(); }  // expect-own-line
