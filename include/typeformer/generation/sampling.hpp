// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampler.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

namespace detail {

/// A filter with state: it receives each chosen token.
template <class Filter>
concept Listener = requires(const Filter filter, std::int32_t id) { filter.chosen(id); };

/// A filter that, as the first of a chain, gives the candidates itself.
template <class Filter>
concept CandidateSource = requires(const Filter filter, std::span<const float> logits, std::span<candidate> workspace) {
  { filter.candidates_of(logits, workspace) } -> std::same_as<candidates>;
};

template <std::size_t Position, class Filter> struct chain_link {
  Filter filter;
};

template <class Positions, class... Filters> struct filter_chain;
template <std::size_t... Positions, class... Filters>
struct filter_chain<std::index_sequence<Positions...>, Filters...> : chain_link<Positions, Filters>... {
  constexpr candidates operator()(std::span<const float> logits, std::span<candidate> workspace) const {
    if constexpr (sizeof...(Filters) == 0) {
      return {logits, workspace};
    } else {
      candidates left = from_first(*this, logits, workspace);
      (apply_after_first(static_cast<const chain_link<Positions, Filters>&>(*this), left), ...);
      return left;
    }
  }
  constexpr void tell([[maybe_unused]] std::int32_t id) const {
    (tell_one(static_cast<const chain_link<Positions, Filters>&>(*this).filter, id), ...);
  }

 private:
  template <class First>
  static constexpr candidates from_first(const chain_link<0, First>& link, std::span<const float> logits,
                                         std::span<candidate> workspace) {
    if constexpr (CandidateSource<First>) {
      return link.filter.candidates_of(logits, workspace);
    } else {
      candidates left{logits, workspace};
      link.filter(left);
      return left;
    }
  }
  template <std::size_t Position, class Filter>
  static constexpr void apply_after_first(const chain_link<Position, Filter>& link, candidates& left) {
    if constexpr (Position > 0) link.filter(left);
  }
  template <class Filter> static constexpr void tell_one(const Filter& listener, std::int32_t id) {
    if constexpr (Listener<Filter>) listener.chosen(id);
  }
};

template <class Filter> struct filter_in {
  using type = Filter;
};
template <class Filter> struct filter_in<result<Filter, sampling_error>> {
  using type = Filter;
};
template <class Link> using filter_in_t = typename filter_in<Link>::type;

template <class Filter> constexpr const sampling_error* error_in(const Filter&) { return nullptr; }
template <class Filter> constexpr const sampling_error* error_in(const result<Filter, sampling_error>& made) {
  return made ? nullptr : &made.error();
}
template <class Filter> constexpr const Filter& filter_of(const Filter& filter) { return filter; }
template <class Filter> constexpr const Filter& filter_of(const result<Filter, sampling_error>& made) { return *made; }

}  // namespace detail

/// Applies the filters from left to right and draws one of the remaining candidates with its share of the remaining
/// probability. Then calls `chosen(id)` of the filters that have it.
///
/// The draw inverts the cumulative distribution at one 32-bit uniform number. Weights and sums are integers, so the
/// token depends only on the logits and the seed, on every platform. Takes one word of the generator, or none for
/// `no_token`.
template <SamplingFilter... Filters> class sampling {
 public:
  constexpr explicit sampling(Filters... filters) : filters_{{std::move(filters)}...} {}

  static constexpr index_type workspace_size(index_type vocabulary) { return vocabulary; }

  /// logits [vocabulary]; precondition: the workspace has `workspace_size(vocabulary)` candidates, else it traps.
  template <RandomWords Generator>
  constexpr std::int32_t operator()(std::span<const float> logits, std::span<candidate> workspace,
                                    Generator& generator) const {
    candidates left = distribution(logits, workspace);
    const std::int32_t id = draw(left, generator);
    if (id != no_token) tell(id);
    return id;
  }

  /// Tells the filters the chosen token.
  constexpr void tell(std::int32_t id) const { filters_.tell(id); }

  /// The candidates that the filters keep: the distribution that is drawn from.
  constexpr candidates distribution(std::span<const float> logits, std::span<candidate> workspace) const {
    return filters_(logits, workspace);
  }

  /// Draws one of the candidates without telling the filters.
  template <RandomWords Generator> static constexpr std::int32_t draw(candidates& left, Generator& generator) {
    if (left.empty()) return no_token;
    std::uint64_t remaining = fraction(left.weigh(), static_cast<std::uint32_t>(generator()));
    for (const candidate& item : left.items()) {
      if (remaining < item.weight) return item.id;
      remaining -= item.weight;
    }
    return no_token;  // not reached, because the share is less than the sum of the weights
  }

 private:
  /// floor(total · word / 2^32) for a total below 2^64, without a wider integer.
  static constexpr std::uint64_t fraction(std::uint64_t total, std::uint32_t word) {
    return (total >> 32) * word + ((total & 0xFFFF'FFFFu) * word >> 32);
  }

  detail::filter_chain<std::index_sequence_for<Filters...>, Filters...> filters_;
};

/// A chain of filters, given as filters or as results of their `of`, or the error of the first rejected parameter:
/// `sampling_with(temperature::of(0.8f), top_k::of(40), banned_tokens{set})`.
template <class... Links>
  requires(SamplingFilter<detail::filter_in_t<Links>> && ...)
constexpr result<sampling<detail::filter_in_t<Links>...>, sampling_error> sampling_with(const Links&... links) {
  const sampling_error* rejected = nullptr;
  ((rejected == nullptr ? void(rejected = detail::error_in(links)) : void()), ...);
  if (rejected != nullptr) return failure{*rejected};
  return sampling<detail::filter_in_t<Links>...>{detail::filter_of(links)...};
}

}  // namespace typeformer
