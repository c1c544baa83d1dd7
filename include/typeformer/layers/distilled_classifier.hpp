// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/scale.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// y = ½ (W₁ x₁ + b₁ + W₂ x₂ + b₂), where x₁ and x₂ are the rows of the class token and of the distillation token: the
/// mean of the logits of two classifiers, of which the second learned from a teacher (Touvron et al. 2021,
/// arXiv:2012.12877, §4).
///
/// x [rows][width], W₁, W₂ [classes][width], b₁, b₂ [classes], y [sequences][classes]. An observer sees the logits of
/// both as `observation::pooled`. Objectives of classes need logits that one product gives, so it learns as numbers do (`sequence_regression`).
/// Cost: 4 · width · classes FLOPs per sequence.
template <index_type Classes> struct distilled_classifier {
  static constexpr bool is_composition = true;
  using of_class = sequential<first_tokens<0, 1>, named<"classifier", linear<Classes>>>;
  using of_teacher = sequential<first_tokens<1, 1>, named<"distillation_classifier", linear<Classes>>>;
  template <TokenRows In> using infer = sequence_rows<Classes>;

  template <class First, class Second> struct trace_of {
    ref<sequence_rows<Classes>> y;
    First first;
    Second second;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    auto first = of_class::walk(c, x, s);
    c.observe(observation::pooled, first.y);
    auto second = of_teacher::walk(c, x, s);
    c.observe(observation::pooled, second.y);
    const auto sum = c.template make<sequence_rows<Classes>>(first.y, second.y);
    c.run(add_operation<Classes>{}, first.y, second.y, out(sum));
    return trace_of<decltype(first), decltype(second)>{detail::scaled<0.5>(c, sum), first, second};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    const auto half = detail::scaled<0.5>(c, dy);
    const auto first = of_class::walk_back(c, t.first, half, s), second = of_teacher::walk_back(c, t.second, half, s);
    const auto dx = c.template make<typename decltype(first)::shape>(first, second);
    c.run(add_operation<decltype(dx)::width>{}, first, second, out(dx));  // both read x
    return dx;
  }
};

}  // namespace typeformer
