// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/execution/executor.hpp>
#include <typeformer/laws/own_rows.hpp>
#include <typeformer/laws/ragged_batch.hpp>
#include <typeformer/laws/real_tables.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::laws {

namespace detail {
/// The plan that the executor of a `walk_runner` reads. It is set at run time, so that a walk is compiled once for all
/// plans of the same buffers.
template <class Walk, class Use> struct replaceable_plan {
  using use = Use;
  using constant = planned<Walk, Use>;
  static inline typename planned<Walk, Use>::table value{};
  static constexpr const auto& buffers = value.buffers;
  static constexpr const auto& states = value.states;
  static constexpr const auto& operands = value.operands;
};
}  // namespace detail

/// The memory of a planned walk, and the walk on it. Arenas start as NaN, so that reads of unwritten memory show. State
/// starts as pseudo-random numbers. One thread at a time runs walks of the same `Walk`, `Use` and `Scalar`.
template <class Walk, class Use, class Scalar> class walk_runner {
 public:
  using plan = typename planned<Walk, Use>::table;
  std::vector<Scalar> gradients;

  /// The plan may be that of other planning rules.
  explicit walk_runner(const plan& places = planned<Walk, Use>::value)
      : gradients(std::size_t(places.parameters)),
        plan_{places},
        arena_(std::size_t(places.arena[0]), std::numeric_limits<Scalar>::quiet_NaN()),
        state_(random_values<Scalar>(places.state, 11)),
        int32_arena_(std::size_t(places.arena[1]), (std::numeric_limits<std::int32_t>::min)()),
        int8_arena_(std::size_t(places.arena[2]), (std::numeric_limits<std::int8_t>::min)()) {}

  /// Sets the state to its initial values again.
  void forget() { state_ = random_values<Scalar>(plan_.state, 11); }
  std::vector<Scalar>& state() { return state_; }

  /// The output of the walk; valid until the next run. Gradients start from zero.
  template <class Weights, class Observer = no_observer>
  auto run(Weights weights, const token_batch& batch, Observer observer = {}) {
    std::fill(gradients.begin(), gradients.end(), Scalar{0});
    token_batch complete = tables_.attached(batch);
    own_.attach(complete);
    token_batch source;
    if (complete.source) {
      source = source_tables_.attached(*complete.source);
      own_of_source_.attach(source);
      complete.source = &source;
    }
    detail::replaceable_plan<Walk, Use>::value = plan_;
    executor<detail::replaceable_plan<Walk, Use>, Scalar, Weights, inline_workers, Observer> context(
        {arena_.data(), state_.data(), gradients.data(), int32_arena_.data(), int8_arena_.data()}, weights, complete,
        workers_, observer);
    return context.view(Walk::walk(context));
  }
  template <class Weights> std::vector<Scalar> values(Weights weights, const token_batch& batch) {
    return values_of(run(weights, batch));
  }

 private:
  static std::vector<Scalar> values_of(block_view<const Scalar> delivered) {
    return {delivered.data, delivered.data + delivered.rows * delivered.stride};
  }
  template <class Tokens, class Sequences>
  static std::vector<Scalar> values_of(const tokens_and_sequences<Tokens, Sequences>& delivered) {
    std::vector<Scalar> all = values_of(delivered.tokens);
    const std::vector<Scalar> rest = values_of(delivered.sequences);
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }

  const plan& plan_;
  std::vector<Scalar> arena_, state_;
  std::vector<std::int32_t> int32_arena_;
  std::vector<std::int8_t> int8_arena_;
  real_tables<Walk> tables_;
  real_tables_of_source<Walk> source_tables_;
  own_rows<planned<Walk, Use>, false> own_;
  own_rows<planned<Walk, Use>, true> own_of_source_;
  inline_workers workers_;
};

}  // namespace typeformer::laws
