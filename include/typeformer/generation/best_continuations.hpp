// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <typeformer/foundation/math.hpp>
#include <typeformer/generation/candidates.hpp>

namespace typeformer {

/// A beam and a possible next token.
struct continuation {
  double log_probability = 0;  ///< of the beam's tokens and this one
  index_type beam = 0;
  std::int32_t token = no_token;
};

/// log(sum of exp(logits)). NaN and minus infinity are ignored; if there is nothing else the result is minus infinity.
constexpr double log_sum_exp(std::span<const float> logits) {
  constexpr float nothing_yet = -std::numeric_limits<float>::infinity();
  float greatest = nothing_yet;
  for (const float logit : logits) greatest = logit > greatest ? logit : greatest;
  if (greatest == nothing_yet) return static_cast<double>(nothing_yet);
  double sum = 0;
  for (const float logit : logits)
    if (logit > nothing_yet) sum += static_cast<double>(math::exp(logit - greatest));
  return static_cast<double>(greatest) + math::log(sum);
}

/// The most probable continuations of some beams, best first, separately for those that continue and those that end, at
/// most `Most` of each. Of equals the earlier beam and the lower token come first.
///
/// Cost: one comparison per logit, and the exponentials of `log_sum_exp`.
template <index_type Most> class best_continuations {
 public:
  /// Precondition: 1 <= wanted <= Most.
  constexpr best_continuations(index_type wanted, std::span<const std::int32_t> end_tokens)
      : wanted_{wanted}, end_tokens_{end_tokens} {}

  /// Beams are added in ascending order. `log_probability` is that of the beam itself.
  constexpr void offer(index_type beam, double log_probability, std::span<const float> logits) {
    const double normalizer = log_sum_exp(logits);
    const auto continued = [&](std::int32_t id) {
      const double of_token = static_cast<double>(logits[static_cast<std::size_t>(id)]) - normalizer;
      return continuation{log_probability + of_token, beam, id};
    };
    for (auto end = end_tokens_.begin(); end != end_tokens_.end(); ++end)
      if (*end >= 0 && *end < index_type(logits.size()) && std::find(end_tokens_.begin(), end, *end) == end)
        ending_.insert(continued(*end), wanted_);
    for (std::int32_t id = 0; id < index_type(logits.size()); ++id)
      if (const continuation next = continued(id); next.log_probability > going_on_.least)
        if (std::ranges::find(end_tokens_, id) == end_tokens_.end()) going_on_.insert(next, wanted_);
  }

  constexpr std::span<const continuation> going_on() const { return going_on_.view(); }
  constexpr std::span<const continuation> ending() const { return ending_.view(); }

 private:
  struct list {
    std::array<continuation, std::size_t(Most)> items{};
    index_type count = 0;
    double least = -std::numeric_limits<double>::infinity();  ///< a new one must exceed this

    constexpr std::span<const continuation> view() const { return std::span{items}.first(std::size_t(count)); }
    constexpr void insert(const continuation& item, index_type wanted) {
      if (!(item.log_probability > least)) return;
      index_type at = count < wanted ? count++ : count - 1;
      for (; at > 0 && items[std::size_t(at) - 1].log_probability < item.log_probability; --at)
        items[std::size_t(at)] = items[std::size_t(at) - 1];
      items[std::size_t(at)] = item;
      if (count == wanted) least = items[std::size_t(wanted) - 1].log_probability;
    }
  };

  index_type wanted_;
  std::span<const std::int32_t> end_tokens_;
  list going_on_{}, ending_{};
};

}  // namespace typeformer
