// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_has_no_walk_back<mine::without_walk_back>
#include <typeformer/laws/examine_layer.hpp>

namespace mine {

struct without_walk_back {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk&, X x, Scope) { return trace_of<X>{x}; }
};

}  // namespace mine

int main() {
  return typeformer::laws::examine_layer<mine::without_walk_back, 8>().passed();  // expect-own-line
}
