// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include <typeformer/optimizers/adafactor.hpp>

namespace typeformer {

/// Adafactor with a first moment: m ← β₁ m + (1 − β₁) α u replaces α u in `adafactor`'s last line (Shazeer, Stern 2018,
/// §6 and algorithm 4, as Hugging Face's `beta1`). State: that of `rule`, and m.
struct adafactor_with_momentum {
  double beta1 = 0.9;
  adafactor rule{};

  static constexpr int state_arrays = 1;
  static constexpr bool compact_state_is_of_squares = true;
  constexpr auto settings() const {
    const auto of_rule = rule.settings();
    std::array<setting, std::tuple_size_v<decltype(rule.settings())> + 1> all;
    all[0] = {"beta1", beta1, from_zero_to_below_one};
    for (std::size_t i = 0; i < of_rule.size(); ++i) all[i + 1] = of_rule[i];
    return all;
  }
  static constexpr index_type compact_state(std::span<const index_type> shape) {
    return adafactor::compact_state(shape);
  }

  template <class S>
  constexpr void update(const tensor_update<S, state_arrays>& tensor, const step_context& context) const {
    const double rate = rule.rate_for(tensor.size(), tensor.values, context);
    const double clip = rule.clipping(tensor.shape, tensor.size(), tensor.gradient, tensor.compact_state, context);
    const S kept = S(1 - rate * (tensor.decays ? rule.weight_decay : 0)), b1 = S(beta1);
    const S scale = S((1 - beta1) * rate / clip);
    detail::adafactor_second_moment<S>{tensor.shape, tensor.size(), tensor.compact_state}.for_each_run(
        [&](index_type first, index_type count, S row_factor, const S* second_moment) {
          const S factor = scale * row_factor;
          const auto step = [=](auto g, auto v, auto& value, auto& m) {
            m = b1 * m + factor * g / detail::square_root(v);
            value = kept * value - m;
          };
          detail::update_elements<S>(count, step, tensor.gradient + first, second_moment, tensor.values + first,
                                     tensor.state[0] + first);
        });
  }
};

}  // namespace typeformer
