// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/file_error.hpp>
#include <typeformer/hosted/training/training_error.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training/write_text.hpp>

namespace typeformer {

/// An observer that writes a row a step and a row an evaluation, at once: columns that do not apply are empty. Each part
/// of the objective has the columns `validation_<part>_loss` and `validation_<part>_accuracy`.
class metrics_csv {
 public:
  /// Error: the file cannot be created.
  static result<metrics_csv, file_error> create(const std::string& path) {
    metrics_csv metrics{path};
    metrics.file_.reset(std::fopen(path.c_str(), "w"));
    if (!metrics.file_)
      return failure{file_error{path, {}, std::string("cannot be created: ") + std::strerror(errno), {}, {}}};
    return result<metrics_csv, file_error>(std::move(metrics));
  }

  /// For a resumed run: when it starts, the rows of the file that come after the checkpoint go, and the others stay, if
  /// their columns are the run's.
  static metrics_csv going_on(const std::string& path) {
    metrics_csv metrics{path};
    std::ifstream file{path, std::ios::binary};
    metrics.before_.assign(std::istreambuf_iterator<char>{file}, {});
    return metrics;
  }

  template <class Trainer> void on_start(const Trainer& trainer) {
    if (std::exchange(has_header_, true)) return;
    std::string text =
        "step,training_loss,validation_loss,learning_rate,gradient_norm,tokens_per_second,flops_per_second,utilisation";
    for (const std::string part : Trainer::objective::part_names)
      text += ",validation_" + part + "_loss,validation_" + part + "_accuracy";
    text += '\n';
    if (!file_) {
      text += rows_before(trainer, text);
      if (write_text(path_, text)) file_.reset(std::fopen(path_.c_str(), "a"));
    } else {
      std::fputs(text.c_str(), file_.get());
    }
  }
  template <class Trainer> result<void, training_error> on_step(const Trainer&, const step_report& r) {
    std::string row = formatted("%td,%.9g,,%.9g,%.9g,%.0f,%.4g,", r.step, r.loss, r.learning_rate, r.gradient_norm,
                                r.tokens_per_second, r.flops_per_second);
    if (r.utilisation > 0) row += formatted("%.4f", r.utilisation);
    row.append(std::size_t(2 * Trainer::objective::parts), ',');
    return write(row);
  }
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    std::string row = formatted("%td,,%.9g,,,,,", r.step, r.validation_loss);
    for (const part_report& part : r.parts)
      row += part.labels > 0 ? formatted(",%.9g,%.6g", part.loss, part.accuracy) : ",,";
    return write(row);
  }

 private:
  struct closed {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit metrics_csv(std::string path) : path_{std::move(path)} {}

  template <class... Values> static std::string formatted(const char* format, Values... values) {
    char text[192];
    std::snprintf(text, sizeof text, format, values...);
    return text;
  }

  /// The whole rows of the file that the run has already come by.
  template <class Trainer> std::string rows_before(const Trainer& trainer, const std::string& header) const {
    if (!before_.starts_with(header)) return {};
    std::string rows;
    for (std::size_t begin = header.size(), end; (end = before_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string row = before_.substr(begin, end + 1 - begin);
      const index step = index(std::strtoll(row.c_str(), nullptr, 10));
      const auto& evaluations = trainer.evaluations();
      const bool is_of_evaluation = row.find(",,") < row.size() && row.find(",,") == row.find(',');
      const bool stays = is_of_evaluation ? std::any_of(evaluations.begin(), evaluations.end(),
                                                        [&](const auto& evaluation) { return evaluation.step == step; })
                                          : step <= trainer.steps_taken();
      if (stays) rows += row;
    }
    return rows;
  }

  result<void, training_error> write(std::string row) {
    row += '\n';
    if (file_ && std::fputs(row.c_str(), file_.get()) >= 0 && std::fflush(file_.get()) == 0) return {};
    return failure{
        training_error{training_error::problem::file, path_ + ": cannot be written: " + std::strerror(errno)}};
  }

  std::string path_, before_{};
  std::unique_ptr<std::FILE, closed> file_{};
  bool has_header_ = false;
};

}  // namespace typeformer
