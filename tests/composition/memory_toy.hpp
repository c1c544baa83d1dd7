// SPDX-License-Identifier: BSL-1.0
#pragma once
// A layer like cross-attention: it reads a buffer of another stack in every iteration of a loop, and its gradient is
// accumulated over them.
#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer::toys {

template <index_type Width> struct clear_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Width> struct modulate_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index_type Width> struct modulate_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 3 * rows * Width; }
};

template <index_type Width, class W, class S> void execute(clear_operation<Width>, const call<W>&, block_view<S> x) {
  for (index_type i = 0; i < x.rows * Width; ++i) x.data[i] = S{0};
}
template <index_type Width, class W, class S>
void execute(modulate_operation<Width>, const call<W>&, block_view<const S> x, block_view<const S> by,
             block_view<S> y) {
  for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = x.data[i] * by.data[i];
}
template <index_type Width, class W, class S>
void execute(modulate_back_operation<Width>, const call<W>&, block_view<const S> x, block_view<const S> by,
             block_view<const S> dy, block_view<S> dx, block_view<S> dby) {
  for (index_type i = 0; i < x.rows * Width; ++i) {
    dby.data[i] += dy.data[i] * x.data[i];
    dx.data[i] = dy.data[i] * by.data[i];
  }
}

/// A custom entry: the factors of the layers below [rows][width], and the buffer in which their gradient is
/// accumulated.
struct memory_key;
template <class Shape> struct memory_entry {
  using key = memory_key;
  template <class Use> struct value {
    ref<Shape> memory, dmemory;
  };
};

/// y = x · memory, element by element.
struct modulated_by_memory {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y, x;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    const X y = c.template make<typename X::shape>(x);
    c.run(modulate_operation<X::width>{}, x, value_for<memory_key>(s).memory, out(y));
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope s) {
    const DY dx = c.template make<typename DY::shape>(dy);
    const auto [memory, dmemory] = value_for<memory_key>(s);
    c.run(modulate_back_operation<X::width>{}, t.x, memory, dy, out(dx), acc(dmemory));
    return dx;
  }
};

/// Passes the output of `Encoder` down to the layers.
template <class Encoder, class... Layers> struct with_memory {
  using body = sequential<Layers...>;
  template <class In, class Scope> using entry = memory_entry<typeformer::infer<Encoder, In, Scope>>;
  template <class In, class Scope> using infer = typeformer::infer<body, In, scope_with<Scope, entry<In, Scope>>>;

  template <class Encoded, class Body, class Scope> struct trace_of {
    decltype(Body::y) y;
    Encoded encoded;
    Body body;
    Scope inside;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    c.enter("encoder");
    const auto encoded = Encoder::walk(c, x, s);
    c.leave();
    using memory = std::remove_const_t<decltype(encoded.y)>;
    const memory dmemory = c.template make<typename memory::shape>();
    using passed = memory_entry<typename memory::shape>;
    const auto inside = pass_down<passed, typename Walk::use>(
        s, typename passed::template value<typename Walk::use>{encoded.y, dmemory});
    const auto b = body::walk(c, x, inside);
    return trace_of<std::remove_const_t<decltype(encoded)>, std::remove_const_t<decltype(b)>,
                    std::remove_const_t<decltype(inside)>>{b.y, encoded, b, inside};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    c.run(clear_operation<DY::width>{}, out(value_for<memory_key>(t.inside).dmemory));
    const auto dx_body = body::walk_back(c, t.body, dy, t.inside);
    const auto dx_encoder = Encoder::walk_back(c, t.encoded, value_for<memory_key>(t.inside).dmemory, s);
    const DY dx = c.template make<typename DY::shape>(dx_body, dx_encoder);
    c.run(add_operation<DY::width>{}, dx_body, dx_encoder, out(dx));
    return dx;
  }
};

}  // namespace typeformer::toys
