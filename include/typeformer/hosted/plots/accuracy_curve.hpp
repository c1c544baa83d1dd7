// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/plots/line_chart.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// An observer that draws the validation accuracy of one part of the objective in an SVG file.
class accuracy_curve {
 public:
  /// A dashed line to compare with: the accuracy of guessing, or of another model.
  struct baseline {
    std::string name;
    double accuracy = 0;
  };

  /// `part`: its name, like `masked_lm`.
  accuracy_curve(std::string path, std::string title, std::string part, std::optional<baseline> compared = {})
      : path_{std::move(path)}, title_{std::move(title)}, part_{std::move(part)}, baseline_{std::move(compared)} {}

  /// Errors: the objective has no such part, the file cannot be written.
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    bool known = false;
    for (const part_report& part : r.parts) {
      if (part.name != part_) continue;
      known = true;
      if (part.labels > 0) points_.push_back({double(r.step), part.accuracy});
    }
    if (!known)
      return failure{
          training_error{training_error::problem::bad_option, path_ + ": the objective has no part called " + part_}};
    if (const auto written = write_text(path_, svg_of(chart())); !written)
      return failure{training_error{training_error::problem::file, written.error().message()}};
    return {};
  }

  line_chart chart() const {
    line_chart chart{.title = title_, .x_name = "step", .y_name = "accuracy"};
    chart.lines.push_back({.name = part_, .color = "#c0392b", .width = 2.2, .marked = true, .points = points_});
    if (baseline_ && !points_.empty())
      chart.lines.push_back(
          {.name = baseline_->name,
           .color = "#555",
           .width = 1.2,
           .dashed = true,
           .points = {{points_.front().x, baseline_->accuracy}, {points_.back().x, baseline_->accuracy}}});
    return chart;
  }

 private:
  std::string path_, title_, part_;
  std::optional<baseline> baseline_;
  std::vector<chart_line::point> points_;
};

}  // namespace typeformer
