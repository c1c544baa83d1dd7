// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/adapted_feed_forward.hpp>
#include <typeformer/layers/gated_activation.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer {

namespace detail {

/// up → function → down. `UpParts` names the parts of the up projection.
template <index_type Hidden, class Function, bool HasBias, class UpParts> struct feed_forward_walk {
  template <class Up, class Mid, class Down> struct trace_of {
    decltype(Down::y) y;
    Up up;
    Mid middle;
    Down down;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    constexpr index_type width = X::width, wide = UpParts::factor * Hidden;
    const auto up_weight = UpParts::template weight<Hidden, width>(c);
    using adapters = adapted_feed_forward<typename UpParts::adapts, width, Hidden, UpParts::factor == 2>;
    auto up_map = [&] {
      if constexpr (HasBias) return affine<width, wide, true>::walk(c, x, up_weight, UpParts::template bias<Hidden>(c));
      else return affine<width, wide, false>::walk(c, x, up_weight, nothing{});
    }();
    auto up = adapters::walk_up(c, x, up_map);
    auto middle = Function::walk(c, up.y, s);
    c.observe(observation::feed_forward_hidden, middle.y);
    const auto down_weight = c.template param<parameter_kind::matrix, width, Hidden>(named_rows{"down.weight", width});
    auto down_map = [&] {
      if constexpr (HasBias)
        return affine<Hidden, width, true>::walk(
            c, middle.y, down_weight,
            c.template param<parameter_kind::vector, width, 1>(named_rows{"down.bias", width}));
      else return affine<Hidden, width, false>::walk(c, middle.y, down_weight, nothing{});
    }();
    auto down = adapters::walk_down(c, middle.y, down_map);
    return trace_of<decltype(up), decltype(middle), decltype(down)>{down.y, up, middle, down};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    constexpr index_type width = DY::width, wide = UpParts::factor * Hidden;
    const auto dmiddle = walk_back_with_updates<affine<Hidden, width, HasBias>>(c, t.down, dy);
    const auto dup = Function::walk_back(c, t.middle, dmiddle, s);
    return walk_back_with_updates<affine<width, wide, HasBias>>(c, t.up, dup);
  }
};

struct plain_parts {
  using adapts = adapts_nothing;
  static constexpr index_type factor = 1;
  template <index_type Hidden, index_type Width, class Walk> static constexpr auto weight(Walk& c) {
    return c.template param<parameter_kind::matrix, Hidden, Width>(named_rows{"up.weight", Hidden});
  }
  template <index_type Hidden, class Walk> static constexpr auto bias(Walk& c) {
    return c.template param<parameter_kind::vector, Hidden, 1>(named_rows{"up.bias", Hidden});
  }
};

struct gated_parts {
  using adapts = adapts_nothing;
  static constexpr index_type factor = 2;
  template <index_type Hidden, index_type Width, class Walk> static constexpr auto weight(Walk& c) {
    return c.template param<parameter_kind::matrix, 2 * Hidden, Width>(named_rows{"gate.weight", Hidden},
                                                                       named_rows{"up.weight", Hidden});
  }
  template <index_type Hidden, class Walk> static constexpr auto bias(Walk& c) {
    return c.template param<parameter_kind::vector, 2 * Hidden, 1>(named_rows{"gate.bias", Hidden},
                                                                   named_rows{"up.bias", Hidden});
  }
};

template <class Parts, class Adapts> struct adapted_parts : Parts {
  using adapts = Adapts;
};
template <class Parts, class... Options>
using parts_with = std::conditional_t<std::is_same_v<adapts_option<Options...>, adapts_nothing>, Parts,
                                      adapted_parts<Parts, adapts_option<Options...>>>;

}  // namespace detail

/// y = Function(x W_upᵀ + b_up) W_downᵀ + b_down (Vaswani et al. 2017, arXiv:1706.03762, eq. 2).
///
/// x, y [rows][width]; W_up [hidden][width], W_down [width][hidden]; biases unless `without_bias`. `adapts<low_rank<…>,
/// maps>` adds a low-rank update to some of the projections. Cost: 4 · width · hidden FLOPs per row and the function.
template <index_type Hidden, class Function, class... Options>
struct feed_forward : detail::feed_forward_walk<Hidden, activation<Function>, !has_option<without_bias, Options...>,
                                                detail::parts_with<detail::plain_parts, Options...>> {
  using checked_options =
      both_checks<detail::checked_function<Function, feed_forward>,
                  check_options<feed_forward, known_options<with_bias, without_bias, adapter_option>, Options...>>;
  template <class In> using infer = In;
};

/// y = (Function(x W_gateᵀ) · x W_upᵀ) W_downᵀ, which is SwiGLU for `silu`, GEGLU for a GELU (Shazeer 2020,
/// arXiv:2002.05202, eq. 6).
///
/// x, y [rows][width]; W_gate, W_up [hidden][width], W_down [width][hidden]; biases only `with_bias`.
/// `adapts<low_rank<…>, maps>` adds a low-rank update to some of the projections. Cost: 6 · width · hidden FLOPs per
/// row and the function.
template <index_type Hidden, class Function, class... Options>
struct gated_feed_forward
    : detail::feed_forward_walk<Hidden, gated_activation<Function>, has_option<with_bias, Options...>,
                                detail::parts_with<detail::gated_parts, Options...>> {
  using checked_options = both_checks<
      detail::checked_function<Function, gated_feed_forward>,
      check_options<gated_feed_forward, known_options<with_bias, without_bias, adapter_option>, Options...>>;
  template <class In> using infer = In;
};

}  // namespace typeformer
