// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <typeformer/contract/no_token.hpp>
#include <typeformer/generation/constrained_by.hpp>
#include <typeformer/generation/sampler.hpp>

namespace typeformer {

/// Any sampler, such as `greedy`, under a constraint: it sees minus infinity as the logit of what is not allowed. The
/// caller owns the constraint. In a chain of filters, `constrained_by` does the same with less work.
///
/// Cost beside that of the sampler: the list of what is allowed.
template <ListedConstraint Constraint, class S> class constrained_sampler {
 public:
  /// `row` is memory for the logits of the vocabulary. Its contents are lost.
  constexpr constrained_sampler(Constraint& constraint, S sampler, std::span<float> row)
      : constraint_{&constraint}, sampler_{std::move(sampler)}, row_{row} {
    std::ranges::fill(row_, -std::numeric_limits<float>::infinity());
  }

  static constexpr index_type workspace_size(index_type vocabulary) { return S::workspace_size(vocabulary); }

  /// Precondition: the row has room for every logit, else it traps.
  template <class Generator>
    requires Sampler<S, Generator>
  constexpr std::int32_t operator()(std::span<const float> logits, std::span<candidate> workspace,
                                    Generator& generator) const {
    if (row_.size() < logits.size()) __builtin_trap();
    const auto set_allowed = [&](auto value_of) {
      std::as_const(*constraint_).for_each_allowed([&](std::int32_t id) {
        const auto place = static_cast<std::size_t>(id);
        if (id >= 0 && place < logits.size()) row_[place] = value_of(place);
      });
    };
    set_allowed([&](std::size_t place) { return logits[place]; });
    const std::int32_t id = sampler_(std::span<const float>{row_.first(logits.size())}, workspace, generator);
    set_allowed([](std::size_t) { return -std::numeric_limits<float>::infinity(); });
    if (id != no_token) constraint_->take(id);
    return id;
  }

 private:
  Constraint* constraint_;
  S sampler_;
  std::span<float> row_;
};

}  // namespace typeformer
