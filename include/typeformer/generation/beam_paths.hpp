// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/generation/beam_hypotheses.hpp>
#include <typeformer/generation/best_continuations.hpp>

namespace typeformer {

/// The tokens of every beam at every step of a search, and the beam that each continues, whose token is that of the step
/// before.
template <class Storage, index_type Steps, index_type Beams> class beam_paths {
 public:
  constexpr bool available() const { return tokens_.available() && parents_.available(); }

  constexpr void extend(index_type step, index_type beam, const continuation& from) {
    tokens_.data()[step * Beams + beam] = from.token;
    parents_.data()[step * Beams + beam] = std::int32_t(from.beam);
  }

  /// Writes the tokens of a hypothesis, its end token last, then `padding`; tokens that `to` has no room for are left out.
  constexpr void write(const beam_hypothesis& hypothesis, std::span<std::int32_t> to, std::int32_t padding) const {
    for (std::size_t at = std::size_t(hypothesis.length); at < to.size(); ++at) to[at] = padding;
    const auto put = [&](index_type at, std::int32_t id) {
      if (at >= 0 && at < index_type(to.size())) to[std::size_t(at)] = id;
    };
    index_type at = hypothesis.length;
    if (at > 0 && hypothesis.end_token != no_token) put(--at, hypothesis.end_token);
    for (std::int32_t beam = hypothesis.last_beam; at > 0; beam = parents_.data()[at * Beams + beam]) {
      --at;
      put(at, tokens_.data()[at * Beams + beam]);
    }
  }

 private:
  typename Storage::template array<std::int32_t, Steps * Beams> tokens_{}, parents_{};
};

}  // namespace typeformer
