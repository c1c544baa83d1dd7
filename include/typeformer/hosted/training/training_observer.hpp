// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// Notifies the observers that have the call of an event, in order, up to the first error.
///
/// An observer has any of: `on_start(trainer)`, before the first evaluation and step, `on_step(trainer, step_report)`,
/// `on_evaluation(trainer, evaluation_report)` and `on_end(trainer, training_summary)`, each a
/// `result<void, training_error>`; and `bool wants_stop()`.
template <class Trainer, class Report, class... Observers>
result<void, training_error> tell(const Trainer& trainer, const Report& report, Observers&... observers) {
  result<void, training_error> told{};
  [[maybe_unused]] const auto tell_one = [&](auto& observer) {
    if (!told) return;
    if constexpr (requires(const step_report& r) { observer.on_step(trainer, r); } &&
                  std::is_same_v<Report, step_report>)
      told = observer.on_step(trainer, report);
    if constexpr (requires(const evaluation_report& r) { observer.on_evaluation(trainer, r); } &&
                  std::is_same_v<Report, evaluation_report>)
      told = observer.on_evaluation(trainer, report);
    if constexpr (requires(const training_summary& r) { observer.on_end(trainer, r); } &&
                  std::is_same_v<Report, training_summary>)
      told = observer.on_end(trainer, report);
  };
  (tell_one(observers), ...);
  return told;
}

template <class Trainer, class... Observers>
result<void, training_error> tell_start(const Trainer& trainer, Observers&... observers) {
  result<void, training_error> told{};
  [[maybe_unused]] const auto tell_one = [&](auto& observer) {
    if constexpr (requires { observer.on_start(trainer); }) {
      if (told) told = observer.on_start(trainer);
    }
  };
  (tell_one(observers), ...);
  return told;
}

template <class... Observers> bool any_wants_stop(Observers&... observers) {
  bool stop = false;
  [[maybe_unused]] const auto ask = [&](auto& observer) {
    if constexpr (requires { observer.wants_stop(); }) stop = observer.wants_stop() || stop;
  };
  (ask(observers), ...);
  return stop;
}

}  // namespace typeformer
