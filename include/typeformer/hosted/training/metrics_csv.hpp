// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/files/published_file.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/regular_file.hpp>

namespace typeformer {

/// An observer that writes a row per step and a row per evaluation, immediately. Columns that do not apply are empty.
/// Each part of the objective has the columns `validation_<part>_loss` and `validation_<part>_accuracy`. Numbers are
/// exact, with a decimal point in every locale.
///
/// A new file replaces an old one when training starts (see `published_file`).
class metrics_csv {
 public:
  /// Errors: those of `published_file::create`.
  static result<metrics_csv, file_error> create(const std::string& path) {
    auto file = published_file::create(path);
    if (!file) return failure{file.error()};
    metrics_csv metrics{path};
    metrics.file_.emplace(std::move(*file));
    return result<metrics_csv, file_error>(std::move(metrics));
  }

  /// For a resumed run: when it starts, the rows of the file after the checkpoint are removed, and the others stay, if
  /// their columns are the run's.
  static metrics_csv going_on(const std::string& path) {
    metrics_csv metrics{path};
    if (auto before = bytes_of_regular_file(path, std::uint64_t{1} << 32)) metrics.before_ = std::move(*before);
    return metrics;
  }

  template <class Trainer> result<void, training_error> on_start(const Trainer& trainer) {
    if (std::exchange(has_header_, true)) return {};
    std::string text =
        "step,training_loss,validation_loss,learning_rate,gradient_norm,tokens_per_second,flops_per_second,utilization";
    for (const std::string part : Trainer::objective::part_names)
      text += ",validation_" + part + "_loss,validation_" + part + "_accuracy";
    text += '\n';
    if (!file_) {
      text += rows_before(trainer, text);
      auto file = published_file::create(path_);
      if (!file) return unwritten(file.error());
      file_.emplace(std::move(*file));
    }
    auto started = file_->write(text);
    if (started) started = file_->publish();
    return started ? result<void, training_error>{} : unwritten(started.error());
  }
  template <class Trainer> result<void, training_error> on_step(const Trainer&, const step_report& r) {
    std::string row = exact_text(r.step) + ',' + exact_text(r.loss) + ",," + exact_text(r.learning_rate) + ',' +
                      exact_text(r.gradient_norm) + ',' + exact_text(r.tokens_per_second) + ',' +
                      exact_text(r.flops_per_second) + ',';
    if (r.utilization > 0) row += exact_text(r.utilization);
    row.append(std::size_t(2 * Trainer::objective::parts), ',');
    return write(row);
  }
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    std::string row = exact_text(r.step) + ",," + exact_text(r.validation_loss) + ",,,,,";
    for (const part_report& part : r.parts)
      row += part.labels > 0 ? ',' + exact_text(part.loss) + ',' + exact_text(part.accuracy) : std::string(",,");
    return write(row);
  }

 private:
  explicit metrics_csv(std::string path) : path_{std::move(path)} {}

  static failure<training_error> unwritten(const file_error& why) {
    return failure{training_error{training_error::problem::file, why.message()}};
  }

  /// The complete rows of the file for steps that the run has already taken.
  template <class Trainer> std::string rows_before(const Trainer& trainer, const std::string& header) const {
    if (!before_.starts_with(header)) return {};
    std::string rows;
    for (std::size_t begin = header.size(), end; (end = before_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const std::string_view row = std::string_view(before_).substr(begin, end + 1 - begin);
      const std::optional<index_type> step = number_in<index_type>(row.substr(0, row.find(',')));
      if (!step) continue;
      const auto& evaluations = trainer.evaluations();
      const bool is_of_evaluation = row.find(",,") < row.size() && row.find(",,") == row.find(',');
      const bool stays = is_of_evaluation
                             ? std::any_of(evaluations.begin(), evaluations.end(),
                                           [&](const auto& evaluation) { return evaluation.step == *step; })
                             : *step <= trainer.steps_taken();
      if (stays) rows += row;
    }
    return rows;
  }

  result<void, training_error> write(std::string row) {
    row += '\n';
    if (!file_) return {};
    auto written = file_->write(row);
    if (written) written = file_->flush();
    return written ? result<void, training_error>{} : unwritten(written.error());
  }

  std::string path_, before_{};
  std::optional<published_file> file_{};
  bool has_header_ = false;
};

}  // namespace typeformer
