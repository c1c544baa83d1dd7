// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/activations/activations.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// y = Function(W x₁ + b), where x₁ is the row of a sequence's first token: one vector for each sequence (Devlin et al.
/// 2019, arXiv:1810.04805, §3, in its published code, with tanh).
///
/// x [rows][width], y [sequences][pooled], where `Pooled` is the width of x unless it is given. Cost: 2 · width · pooled
/// FLOPs per sequence.
template <class Function = tanh_activation, index_type Pooled = 0> struct first_token_pooler {
  static constexpr const char* name = "pooler";
  template <TokenRows In> using infer = sequence_rows<Pooled ? Pooled : In::width>;
  template <index_type Width>
  using layers = sequential<first_token, named<"dense", linear<Pooled ? Pooled : Width>>, activation<Function>>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    c.enter(name);
    auto trace = layers<X::width>::walk(c, x, s);
    c.leave();
    c.observe(observation::pooled, trace.y);
    return trace;
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    return layers<DY::width>::walk_back(c, t, dy, s);
  }
};

}  // namespace typeformer
