// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/reference/norm_gain.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Kind of the options that say by what a norm multiplies its columns.
struct norm_weight_option;
struct with_weight {
  using option_kind = norm_weight_option;
  static constexpr norm_gain gain = norm_gain::weight;
};
/// Columns are multiplied by 1 + weight, and weights start at 0 (Gemma, Nemotron).
struct unit_offset {
  using option_kind = norm_weight_option;
  static constexpr norm_gain gain = norm_gain::one_plus_weight;
};
/// The norm has no parameters: neither a weight nor a bias (OLMo: Groeneveld et al. 2024, arXiv:2402.00838, §2.1).
struct without_weight {
  using option_kind = norm_weight_option;
  static constexpr norm_gain gain = norm_gain::one;
};

namespace detail {

/// The weight of a norm, if it has one.
template <norm_gain Gain, index_type Width, class Walk>
constexpr auto norm_weight(Walk& c, const char* name = "weight") {
  if constexpr (Gain == norm_gain::one) return nothing{};
  else
    return c.template param<parameter_kind::vector, Width, 1>(
        named_rows{name, Width, Gain == norm_gain::one_plus_weight});
}

}  // namespace detail

}  // namespace typeformer
