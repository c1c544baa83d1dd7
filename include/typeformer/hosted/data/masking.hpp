// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/setting.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/token_role.hpp>
#include <typeformer/objectives/objective.hpp>

namespace typeformer {

/// Hides tokens of a sequence for a model to predict: the data of `masked_lm`.
///
/// Of n tokens, special ones included, min(max_predictions, max(1, round(fraction · n))) are chosen at random; halves
/// are rounded to even. A chosen token becomes the mask token in 80 % of cases, a token drawn from the whole vocabulary
/// in 10 %, and does not change in the others (Devlin et al. 2019, arXiv:1810.04805, §3.1 and A.1). Its label is the
/// original token. The loss is the mean over the set M of the chosen tokens: −1/|M| Σ_{i ∈ M} log P(x_i
///
/// x with M hidden), by `set_mean_scales`. With `whole_words` the pieces of a word are chosen together. A word with
/// more pieces than are still to choose is skipped, so there may be fewer predictions.
struct masking {
  std::int32_t mask_id = 0;
  index_type vocabulary = 0;
  double fraction = 0.15;
  index_type max_predictions = 20;
  double masked_fraction = 0.8, random_fraction = 0.1;
  bool whole_words = false;

  constexpr auto settings() const {
    return std::array{
        setting{"fraction", fraction, from_zero_to_one},
        setting{"max_predictions", max_predictions, whole_range{0, std::int64_t{1} << 31}},
        setting{"masked_fraction", masked_fraction, from_zero_to_one},
        setting{"random_fraction", random_fraction, from_zero_to_one},
        setting{"masked_fraction + random_fraction", masked_fraction + random_fraction, from_zero_to_one}};
  }

  /// How many of `tokens` tokens are chosen, if so many may be. Precondition: settings in their ranges; else it traps.
  constexpr index_type predictions(index_type tokens) const {
    if (wrong_setting(*this)) __builtin_trap();
    const double exact = fraction * static_cast<double>(tokens);
    index_type rounded = static_cast<index_type>(exact);
    const double rest = exact - static_cast<double>(rounded);
    if (rest > 0.5 || (rest == 0.5 && rounded % 2 != 0)) ++rounded;
    return (std::min)(max_predictions, std::max<index_type>(1, rounded));
  }

  /// Hides tokens in place and writes the labels (-100 if there is none). Returns the number of predictions.
  ///
  /// ids, labels, roles, workspace: [tokens]. A function of the arguments and the generator's place alone.
  /// Precondition: spans of one size, a vocabulary of 1 to 2^31 tokens, settings in their ranges; else it traps. Cost:
  /// linear.
  constexpr index_type hide(std::span<std::int32_t> ids, std::span<std::int32_t> labels,
                            std::span<const token_role> roles, std::span<std::int32_t> workspace,
                            philox& generator) const {
    const std::size_t tokens = ids.size();
    if (labels.size() != tokens || roles.size() != tokens || workspace.size() != tokens || vocabulary < 1 ||
        vocabulary > index_type{0x7FFF'FFFF})
      __builtin_trap();
    std::fill(labels.begin(), labels.end(), no_label);
    std::size_t candidates = 0;
    for (std::size_t i = 0; i < tokens; ++i)
      if (begins_candidate(roles, i)) workspace[candidates++] = static_cast<std::int32_t>(i);

    const index_type wanted = predictions(static_cast<index_type>(tokens));
    index_type chosen = 0;
    for (std::size_t next = 0; next < candidates && chosen < wanted; ++next) {
      const auto left = static_cast<std::uint32_t>(candidates - next);
      std::swap(workspace[next], workspace[next + uniform_below(left, generator)]);
      const auto first = static_cast<std::size_t>(workspace[next]);
      std::size_t end = first + 1;
      while (end < tokens && roles[end] != token_role::never_hidden && !begins_candidate(roles, end)) ++end;
      if (chosen + static_cast<index_type>(end - first) > wanted) continue;
      for (std::size_t i = first; i < end; ++i) {
        labels[i] = ids[i];
        ids[i] = hidden(ids[i], generator);
      }
      chosen += static_cast<index_type>(end - first);
    }
    return chosen;
  }

 private:
  /// A piece whose word was cut off before it counts as the first of a word.
  constexpr bool begins_candidate(std::span<const token_role> roles, std::size_t i) const {
    if (roles[i] == token_role::never_hidden) return false;
    return !whole_words || roles[i] == token_role::begins_word || i == 0 || roles[i - 1] == token_role::never_hidden;
  }

  constexpr std::int32_t hidden(std::int32_t id, philox& generator) const {
    const double drawn = static_cast<double>(generator()) * 0x1p-32;
    if (drawn < masked_fraction) return mask_id;
    if (drawn >= masked_fraction + random_fraction) return id;
    return static_cast<std::int32_t>(uniform_below(static_cast<std::uint32_t>(vocabulary), generator));
  }
};

}  // namespace typeformer
