// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/adapted_attention.hpp>
#include <typeformer/layers/adapter_option.hpp>
#include <typeformer/layers/low_rank.hpp>

namespace typeformer {

namespace detail {
template <class Option, class Adapter> constexpr auto checked_adapter() {
  if constexpr (requires {
                  index_type(Adapter::rank_value);
                  typename Adapter::checked_options;
                })
    return std::type_identity<typename Adapter::checked_options>{};
  else return std::type_identity<error::wrong_template_argument<Adapter, low_rank<rank<1>>, Option>>{};
}
}  // namespace detail

/// Option of `self_attention`, `feed_forward` and `gated_feed_forward`: adapts the chosen projections.
template <class Adapter, adapted_maps Maps = adapted_maps{}> struct adapts {
  using option_kind = adapter_option;
  using checked_options = typename decltype(detail::checked_adapter<adapts, Adapter>())::type;
  using adapter = Adapter;
  static constexpr adapted_maps maps = Maps;
  template <class Numbers, index_type Width> using of_attention = adapted_attention<adapts, Numbers, Width>;
};

}  // namespace typeformer
