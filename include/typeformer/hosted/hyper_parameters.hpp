// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <typeformer/text/number_text.hpp>

namespace typeformer {

namespace detail {

struct any_member {
  template <class T> constexpr operator T() const;
};
template <class T> struct any_base_of {
  template <class B>
    requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>)
  constexpr operator B() const;
};

template <class T, std::size_t... I> constexpr bool is_made_of(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), any_member{})...}; };
}
template <class T, std::size_t Most = 12> constexpr std::size_t member_count() {
  if constexpr (Most == 0 || is_made_of<T>(std::make_index_sequence<Most>{})) return Most;
  else return member_count<T, Most - 1>();
}

/// Calls `visit(member)` for the members of a plain struct of at most eight.
template <class T, class Visit> void visit_members(const T& value, Visit&& visit) {
  constexpr std::size_t count = member_count<T>();
  const auto all = [&](const auto&... members) { (visit(members), ...); };
  if constexpr (count == 1) {
    const auto& [a] = value;
    all(a);
  } else if constexpr (count == 2) {
    const auto& [a, b] = value;
    all(a, b);
  } else if constexpr (count == 3) {
    const auto& [a, b, c] = value;
    all(a, b, c);
  } else if constexpr (count == 4) {
    const auto& [a, b, c, d] = value;
    all(a, b, c, d);
  } else if constexpr (count == 5) {
    const auto& [a, b, c, d, e] = value;
    all(a, b, c, d, e);
  } else if constexpr (count == 6) {
    const auto& [a, b, c, d, e, f] = value;
    all(a, b, c, d, e, f);
  } else if constexpr (count == 7) {
    const auto& [a, b, c, d, e, f, g] = value;
    all(a, b, c, d, e, f, g);
  } else if constexpr (count == 8) {
    const auto& [a, b, c, d, e, f, g, h] = value;
    all(a, b, c, d, e, f, g, h);
  }
}

template <class T> inline constexpr bool is_plain_struct = std::is_aggregate_v<T> && !requires { T{any_base_of<T>{}}; };

template <class T> constexpr const char* function_of_type() { return __PRETTY_FUNCTION__; }

}  // namespace detail

/// The name of a type as the compiler spells it.
template <class T> std::string type_text() {
  const std::string_view text = detail::function_of_type<T>();
  const std::size_t begin = text.find("T = ") + 4;
  return std::string(text.substr(begin, text.rfind(']') - begin));
}

/// The members of a plain struct of numbers and of such structs, like `0.9, 0.999, 1e-08, 0.1`; empty for any other
/// type.
template <class T> std::string hyper_parameter_text(const T& value) {
  std::string text;
  if constexpr (std::is_arithmetic_v<T>) {
    text = exact_text(double(value));
  } else if constexpr (detail::is_plain_struct<T>) {
    if constexpr (detail::member_count<T>() <= 8)
      detail::visit_members(value, [&](const auto& member) {
        if (!text.empty()) text += ", ";
        text += hyper_parameter_text(member);
      });
  }
  return text;
}

}  // namespace typeformer
