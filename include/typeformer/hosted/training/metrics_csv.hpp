// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/file_error.hpp>
#include <typeformer/hosted/training/training_error.hpp>
#include <typeformer/hosted/training/training_reports.hpp>

namespace typeformer {

/// An observer that writes a row a step and a row an evaluation, at once: columns that do not apply are empty. Each part
/// of the objective has the columns `validation_<part>_loss` and `validation_<part>_accuracy`.
class metrics_csv {
 public:
  /// Error: the file cannot be created.
  static result<metrics_csv, file_error> create(const std::string& path) {
    metrics_csv metrics{path};
    if (!metrics.file_)
      return failure{file_error{path, {}, std::string("cannot be created: ") + std::strerror(errno), {}, {}}};
    return result<metrics_csv, file_error>(std::move(metrics));
  }

  template <class Trainer> void on_start(const Trainer&) {
    if (has_header_) return;
    has_header_ = true;
    std::fputs(
        "step,training_loss,validation_loss,learning_rate,gradient_norm,tokens_per_second,flops_per_second,utilisation",
        file_.get());
    for (const char* const part : Trainer::objective::part_names)
      std::fprintf(file_.get(), ",validation_%s_loss,validation_%s_accuracy", part, part);
    std::fputc('\n', file_.get());
  }
  template <class Trainer> result<void, training_error> on_step(const Trainer&, const step_report& r) {
    std::fprintf(file_.get(), "%td,%.9g,,%.9g,%.9g,%.0f,%.4g,", r.step, r.loss, r.learning_rate, r.gradient_norm,
                 r.tokens_per_second, r.flops_per_second);
    if (r.utilisation > 0) std::fprintf(file_.get(), "%.4f", r.utilisation);
    for (index part = 0; part < Trainer::objective::parts; ++part) std::fputs(",,", file_.get());
    return end_row();
  }
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    std::fprintf(file_.get(), "%td,,%.9g,,,,,", r.step, r.validation_loss);
    for (const part_report& part : r.parts) {
      if (part.labels > 0) std::fprintf(file_.get(), ",%.9g,%.6g", part.loss, part.accuracy);
      else std::fputs(",,", file_.get());
    }
    return end_row();
  }

 private:
  struct closed {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit metrics_csv(const std::string& path) : path_{path}, file_{std::fopen(path.c_str(), "w")} {}

  result<void, training_error> end_row() {
    if (std::fputc('\n', file_.get()) != EOF && std::fflush(file_.get()) == 0) return {};
    return failure{
        training_error{training_error::problem::file, path_ + ": cannot be written: " + std::strerror(errno)}};
  }

  std::string path_;
  std::unique_ptr<std::FILE, closed> file_;
  bool has_header_ = false;
};

}  // namespace typeformer
