// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/random_words.hpp>

namespace typeformer {

/// Writes the probability of every token, 0 for tokens that are not candidates. probabilities [vocabulary].
constexpr void write_probabilities(candidates& of, std::span<float> probabilities) {
  std::ranges::fill(probabilities, 0.0f);
  const double total = static_cast<double>(of.weigh());
  for (const candidate& item : of.items())
    probabilities[static_cast<std::size_t>(item.id)] = static_cast<float>(item.weight / total);
}

/// The result of rejection sampling for a drafted token.
struct drafted_or_drawn {
  std::int32_t id = no_token;
  bool is_accepted = false;
};

/// Accepts a token x that was drawn from q with probability min(1, p(x) / q(x)). Otherwise draws another one from the
/// distribution norm(max(0, p - q)). The result has the distribution p (Leviathan et al. 2023, arXiv:2211.17192,
/// algorithm 1 and appendix A.1).
///
/// q [vocabulary]. It is exact up to the rounding of q to float. Takes one word of the generator, and a second one for
/// a draw. Returns `no_token` if p has no candidate. Cost: linear in the candidates.
template <RandomWords Generator>
constexpr drafted_or_drawn accept_or_draw(candidates& p, std::span<const float> q, std::int32_t drafted,
                                          Generator& generator) {
  const double total = static_cast<double>(p.weigh());
  const auto uniform = [&] { return static_cast<double>(static_cast<std::uint32_t>(generator())) * 0x1p-32; };
  const auto probability_of = [&](const candidate& item) { return item.weight / total; };
  const double of_drafted_in_q = static_cast<double>(q[static_cast<std::size_t>(drafted)]);
  const auto found = std::ranges::find(p.items(), drafted, &candidate::id);
  const double of_drafted = found == p.items().end() ? 0.0 : probability_of(*found);
  if (uniform() * of_drafted_in_q < of_drafted) return {drafted, true};

  const auto excess_of = [&](const candidate& item) {
    return (std::max)(0.0, probability_of(item) - static_cast<double>(q[static_cast<std::size_t>(item.id)]));
  };
  double sum = 0;
  for (const candidate& item : p.items()) sum += excess_of(item);
  double remaining = uniform() * sum;
  std::int32_t last = no_token;
  for (const candidate& item : p.items()) {
    const double excess = excess_of(item);
    if (!(excess > 0)) continue;
    last = item.id;
    if (remaining < excess) break;
    remaining -= excess;
  }
  // If rounding leaves no positive p - q, p equals q, and the drafted token is accepted.
  return {last == no_token && of_drafted > 0 ? drafted : last, false};
}

}  // namespace typeformer
