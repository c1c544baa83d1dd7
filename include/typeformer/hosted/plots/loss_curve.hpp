// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/plots/line_chart.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// An observer that collects training and validation loss and draws them in an SVG file, from the first evaluation on.
/// A resumed run has the earlier validation losses, too.
class loss_curve {
 public:
  /// `best_possible`: a dashed line at the lowest possible loss, if it is known.
  explicit loss_curve(std::string path, std::string title, std::optional<double> best_possible = {})
      : path_{std::move(path)}, title_{std::move(title)}, best_possible_{best_possible} {}

  template <class Trainer> result<void, training_error> on_start(const Trainer& trainer) {
    if (!validation_.empty()) return {};
    for (const auto& evaluation : trainer.evaluations())
      validation_.push_back({double(evaluation.step), evaluation.validation_loss});
    return {};
  }
  template <class Trainer> result<void, training_error> on_step(const Trainer&, const step_report& r) {
    training_.push_back({double(r.step), r.loss});
    return {};
  }
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    validation_.push_back({double(r.step), r.validation_loss});
    return keep();
  }
  template <class Trainer> result<void, training_error> on_end(const Trainer&, const training_summary&) {
    return keep();
  }

  line_chart chart() const {
    line_chart chart{.title = title_, .x_name = "step", .y_name = "loss (nats per token)"};
    chart.lines.push_back({.name = "training", .color = "#8fbbdd", .width = 1.2, .points = thinned(training_)});
    chart.lines.push_back(
        {.name = "validation", .color = "#c0392b", .width = 2.2, .marked = true, .points = validation_});
    if (best_possible_ && !training_.empty())
      chart.lines.push_back({.name = "best possible",
                             .color = "#555",
                             .width = 1.2,
                             .dashed = true,
                             .points = {{0, *best_possible_}, {training_.back().x, *best_possible_}}});
    return chart;
  }

 private:
  using point = chart_line::point;

  result<void, training_error> keep() const {
    if (const auto written = write_text(path_, svg_of(chart())); !written)
      return failure{training_error{training_error::problem::file, written.error().message()}};
    return {};
  }

  /// At most 700 points, each the mean of the same number of steps.
  static std::vector<point> thinned(const std::vector<point>& all) {
    const std::size_t together = (all.size() + 699) / 700;
    std::vector<point> means;
    for (std::size_t first = 0; first < all.size(); first += together) {
      const std::size_t count = std::min(together, all.size() - first);
      point sum;
      for (std::size_t i = first; i < first + count; ++i) sum = {sum.x + all[i].x, sum.y + all[i].y};
      means.push_back({sum.x / double(count), sum.y / double(count)});
    }
    return means;
  }

  std::string path_, title_;
  std::optional<double> best_possible_;
  std::vector<point> training_, validation_;
};

}  // namespace typeformer
