// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/meta/layer_list.hpp>
#include <typeformer/objectives/objective.hpp>

namespace typeformer {

namespace detail {

template <class T, class... Arrays> constexpr auto joined_arrays(const Arrays&... arrays) {
  std::array<T, (std::tuple_size_v<Arrays> + ...)> all{};
  std::size_t at = 0;
  const auto append = [&](const auto& some) {
    for (const T& value : some) all[at++] = value;
  };
  (append(arrays), ...);
  return all;
}

template <class Walk, class A, class B> constexpr auto sum_of_gradients(Walk& c, A a, B b) {
  if constexpr (std::is_same_v<A, nothing>) return b;
  else if constexpr (std::is_same_v<B, nothing>) return a;
  else {
    const A sum = c.template make<typename A::shape>(a, b);
    c.run(add_operation<A::width>{}, a, b, out(sum));
    return sum;
  }
}
template <class Walk, class A, class B>
constexpr auto sum_of_gradients(Walk& c, gradient_before_product<A> a, gradient_before_product<B> b) {
  return gradient_before_product<A>{sum_of_gradients(c, a.dh, b.dh)};
}
template <class Walk, class A, class S> constexpr auto sum_of_gradients(Walk&, gradient_before_product<A> a, ref<S> b) {
  return gradient_pair<gradient_before_product<A>, ref<S>>{a, b};
}
template <class Walk, class S, class B> constexpr auto sum_of_gradients(Walk&, ref<S> a, gradient_before_product<B> b) {
  return gradient_pair<ref<S>, gradient_before_product<B>>{a, b};
}
template <class Walk, class A, class B, class Other>
constexpr auto sum_of_gradients(Walk&, gradient_pair<A, B> a, Other b) {
  return gradient_pair<gradient_pair<A, B>, Other>{a, b};
}
template <class Walk, class T, class S, class U, class V>
constexpr auto sum_of_gradients(Walk& c, tokens_and_sequences<T, S> a, tokens_and_sequences<U, V> b) {
  const auto tokens = sum_of_gradients(c, a.tokens, b.tokens);
  const auto sequences = sum_of_gradients(c, a.sequences, b.sequences);
  return tokens_and_sequences<std::remove_const_t<decltype(tokens)>, std::remove_const_t<decltype(sequences)>>{
      tokens, sequences};
}

template <class Result, class... Objectives> struct checked_by_all {
  using type = Result;
};
template <class Result, class First, class... Rest>
struct checked_by_all<Result, First, Rest...>
    : std::conditional_t<fits_together<typename First::template checked<Result>>, checked_by_all<Result, Rest...>,
                         std::type_identity<typename First::template checked<Result>>> {};

template <class T>
inline constexpr bool can_be_added = requires {
  index_type(T::parts);
  T::part_names;
  T::label_kinds;
};
/// The first type that is no objective, or else the sum itself, which then has no part.
template <class Sum, class... Given> struct first_no_objective {
  using type = Sum;
};
template <class Sum, class First, class... Rest>
struct first_no_objective<Sum, First, Rest...>
    : std::conditional_t<can_be_added<First>, first_no_objective<Sum, Rest...>, std::type_identity<First>> {};

}  // namespace detail

/// The sum of the losses of several objectives on one model, each with its own mean (Devlin et al. 2019,
/// arXiv:1810.04805, A.2; Lan et al. 2020, arXiv:1909.11942, §3.1).
template <class... Objectives> struct objective_sum {
  static constexpr index_type parts = (Objectives::parts + ...);
  static constexpr bool needs_a_head = (typeformer::needs_a_head<Objectives> || ...);
  static constexpr bool predicts_tokens = (typeformer::predicts_tokens<Objectives> || ...);
  static constexpr std::array part_names = detail::joined_arrays<const char*>(Objectives::part_names...);
  static constexpr std::array label_kinds = detail::joined_arrays<label_kind>(Objectives::label_kinds...);
  template <class Result> using checked = typename detail::checked_by_all<Result, Objectives...>::type;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    return walk_from<0>(c, output, nothing{});
  }

 private:
  // In sequence: the evaluation order of function arguments is unspecified.
  template <std::size_t I, class Walk, class Output, class Gradient, class... Findings>
  static constexpr auto walk_from(Walk& c, Output output, Gradient gradient, Findings... findings) {
    if constexpr (I == sizeof...(Objectives)) {
      const auto all = c.template make<objective_findings<Walk, parts>>();
      c.run(gather_findings_operation{}, out(all), findings...);
      return objective_result<std::remove_const_t<decltype(all)>, Gradient>{all, gradient};
    } else {
      const auto r = meta::layer_at<I, Objectives...>::walk(c, output);
      return walk_from<I + 1>(c, output, detail::sum_of_gradients(c, gradient, r.gradient), findings..., r.findings);
    }
  }
};

/// Of nothing, or of something that is no objective: a mismatch where a model learns from it.
template <class... Given>
  requires(sizeof...(Given) == 0 || !(detail::can_be_added<Given> && ...))
struct objective_sum<Given...> {
  static constexpr index_type parts = 0;
  template <class>
  using checked =
      error::type_is_no_objective<typename detail::first_no_objective<objective_sum<Given...>, Given...>::type>;
};

}  // namespace typeformer
