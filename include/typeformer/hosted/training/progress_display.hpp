// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include <unistd.h>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer {

/// An observer that shows the progress of training: a bar that redraws itself on a terminal, about twenty lines
/// otherwise. On both there is a line for each evaluation, with the accuracy of every part of the objective.
class progress_display {
 public:
  explicit progress_display(std::FILE* out = stderr) : progress_display(out, ::isatty(::fileno(out)) == 1) {}
  progress_display(std::FILE* out, bool is_terminal) : out_{out}, terminal_{is_terminal} {}

  template <class Trainer> result<void, training_error> on_step(const Trainer&, const step_report& r) {
    if (terminal_) {
      const auto now = std::chrono::steady_clock::now();
      if (drawn_ && r.step < r.steps && now - last_drawn_ < std::chrono::milliseconds(100)) return {};
      last_drawn_ = now;
      drawn_ = true;
      std::fprintf(out_, "\r\033[K%s %s", bar(r).c_str(), figures(r).c_str());
      std::fflush(out_);
    } else if (r.step == 1 || r.step == r.steps || r.step % std::max<index_type>(1, r.steps / 20) == 0) {
      std::fprintf(out_, "%s\n", figures(r).c_str());
      std::fflush(out_);
    }
    return {};
  }
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    clear_bar();
    std::string text = "step " + exact_text(r.step) + "  validation loss " + fixed_text(r.validation_loss, 4);
    for (const part_report& part : r.parts) {
      if (part.labels == 0) continue;
      const std::string accuracy = fixed_text(100 * part.accuracy, 1) + " %";
      if (r.parts.size() > 1)
        text += "  " + std::string(part.name) + ' ' + fixed_text(part.loss, 4) + " (" + accuracy + ")";
      else text += "  accuracy " + accuracy;
    }
    std::fprintf(out_, "%s\n", text.c_str());
    std::fflush(out_);
    return {};
  }
  template <class Trainer> result<void, training_error> on_end(const Trainer&, const training_summary& r) {
    clear_bar();
    std::fprintf(out_, "%s after %td steps, %s, %s\n", r.interrupted ? "stopped" : "trained", r.steps,
                 duration(r.seconds).c_str(), pace(r).c_str());
    std::fflush(out_);
    return {};
  }

 private:
  void clear_bar() {
    if (drawn_) std::fputs("\r\033[K", out_);
    drawn_ = false;
  }

  static std::string bar(const step_report& r) {
    constexpr index_type width = 24;
    const index_type done = r.steps > 0 ? width * r.step / r.steps : width;
    std::string text = "[" + std::string(std::size_t(done), '=');
    if (done < width) text += '>' + std::string(std::size_t(width - done - 1), ' ');
    return text + "]";
  }
  static std::string figures(const step_report& r) {
    return "step " + exact_text(r.step) + "/" + exact_text(r.steps) + "  loss " + fixed_text(r.loss, 4) + "  " +
           pace(r) + "  " + duration(r.seconds_left) + " left";
  }
  /// Of a step or of the whole run.
  static std::string pace(const auto& r) {
    const std::string tokens = fixed_text(r.tokens_per_second, 0) + " tokens/s";
    return r.utilization > 0 ? tokens + " (" + fixed_text(100 * r.utilization, 1) + " % of peak)" : tokens;
  }
  /// `0:07`, `12:34`, `1:02:03`.
  static std::string duration(double seconds) {
    const long all = std::max(0L, long(seconds + 0.5));
    char text[64];
    if (all < 3600) std::snprintf(text, sizeof text, "%ld:%02ld", all / 60, all % 60);
    else std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", all / 3600, all / 60 % 60, all % 60);
    return text;
  }

  std::FILE* out_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_drawn_{};
};

}  // namespace typeformer
