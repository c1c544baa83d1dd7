// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

namespace detail {

/// Calls `f(report)` or `f(trainer, report)`, which returns nothing, false to stop, or a `result`.
template <class F> class callback {
 public:
  explicit callback(F f) : f_{std::move(f)} {}
  bool wants_stop() const { return wants_stop_; }

 protected:
  template <class Trainer, class Report>
  result<void, training_error> call(const Trainer& trainer, const Report& report) {
    const auto called = [&]() -> decltype(auto) {
      if constexpr (std::is_invocable_v<F&, const Trainer&, const Report&>) return f_(trainer, report);
      else return f_(report);
    };
    using returned = std::remove_cvref_t<decltype(called())>;
    if constexpr (std::is_void_v<returned>) called();
    else if constexpr (std::is_same_v<returned, bool>) wants_stop_ = !called() || wants_stop_;
    else return called();
    return {};
  }

 private:
  F f_;
  bool wants_stop_ = false;
};

template <class F> struct step_callback : callback<F> {
  using callback<F>::callback;
  template <class Trainer> result<void, training_error> on_step(const Trainer& trainer, const step_report& r) {
    return this->call(trainer, r);
  }
};
template <class F> struct evaluation_callback : callback<F> {
  using callback<F>::callback;
  template <class Trainer>
  result<void, training_error> on_evaluation(const Trainer& trainer, const evaluation_report& r) {
    return this->call(trainer, r);
  }
};
template <class F> struct end_callback : callback<F> {
  using callback<F>::callback;
  template <class Trainer> result<void, training_error> on_end(const Trainer& trainer, const training_summary& r) {
    return this->call(trainer, r);
  }
};

}  // namespace detail

/// Observers made from a function: `on_step([](const step_report& r) { … })`. The function takes the report, or the
/// trainer and the report. It returns nothing, a bool (false ends training after the step) or a `result<void,
/// training_error>`.
template <class F> detail::step_callback<F> on_step(F f) { return detail::step_callback<F>{std::move(f)}; }
template <class F> detail::evaluation_callback<F> on_evaluation(F f) {
  return detail::evaluation_callback<F>{std::move(f)};
}
template <class F> detail::end_callback<F> on_end(F f) { return detail::end_callback<F>{std::move(f)}; }

}  // namespace typeformer
