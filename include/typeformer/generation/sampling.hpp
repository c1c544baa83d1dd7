// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampler.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

namespace detail {

template <std::size_t Position, class Filter> struct chain_link {
  Filter filter;
};

template <class Positions, class... Filters> struct filter_chain;
template <std::size_t... Positions, class... Filters> struct filter_chain<std::index_sequence<Positions...>, Filters...>
    : chain_link<Positions, Filters>... {
  constexpr void operator()(candidates& left) const {
    (static_cast<const chain_link<Positions, Filters>&>(*this).filter(left), ...);
  }
};

}  // namespace detail

/// Applies the filters from left to right, then draws one of the candidates that are left, each with its share of the
/// remaining probability.
///
/// The draw inverts the cumulated distribution at one 32-bit uniform number. Weights and sums are integers: logits and
/// seed decide the token, on every platform. Takes one word of the generator, or none with `no_token`.
template <SamplingFilter... Filters> class sampling {
 public:
  constexpr explicit sampling(Filters... filters) : filters_{{std::move(filters)}...} {}

  static constexpr index workspace_size(index vocabulary) { return vocabulary; }

  /// logits [vocabulary]; precondition: the workspace has `workspace_size(vocabulary)` candidates, else it traps.
  template <RandomWords Generator> constexpr std::int32_t operator()(std::span<const float> logits,
                                                                     std::span<candidate> workspace,
                                                                     Generator& generator) const {
    candidates left{logits, workspace};
    filters_(left);
    return draw(left, generator);
  }

 private:
  template <class Generator> static constexpr std::int32_t draw(candidates& left, Generator& generator) {
    if (left.empty()) return no_token;
    std::uint64_t remaining = share(left.weigh(), static_cast<std::uint32_t>(generator()));
    for (const candidate& item : left.items()) {
      if (remaining < item.weight) return item.id;
      remaining -= item.weight;
    }
    return no_token;  // not reached: the share is less than the sum of the weights
  }

  /// floor(total · word / 2^32) for a total below 2^64, without a wider integer.
  static constexpr std::uint64_t share(std::uint64_t total, std::uint32_t word) {
    return (total >> 32) * word + ((total & 0xFFFF'FFFFu) * word >> 32);
  }

  detail::filter_chain<std::index_sequence_for<Filters...>, Filters...> filters_;
};

/// A chain of filters that were made by their `of`, or the error of the first that refused its parameter:
/// `sampling_with(temperature::of(0.8f), top_k::of(40), top_p::of(0.95f))`.
template <SamplingFilter... Filters> constexpr result<sampling<Filters...>, sampling_error> sampling_with(
    const result<Filters, sampling_error>&... filters) {
  const sampling_error* refused = nullptr;
  ((refused == nullptr && !filters ? void(refused = &filters.error()) : void()), ...);
  if (refused != nullptr) return failure{*refused};
  return sampling<Filters...>{*filters...};
}

}  // namespace typeformer
