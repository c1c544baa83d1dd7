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

/// An observer that writes a row a step and a row an evaluation, at once: columns that do not apply are empty.
class metrics_csv {
 public:
  /// Error: the file cannot be created.
  static result<metrics_csv, file_error> create(const std::string& path) {
    metrics_csv metrics{path};
    if (!metrics.file_)
      return failure{file_error{path, {}, std::string("cannot be created: ") + std::strerror(errno), {}, {}}};
    std::fputs("step,training_loss,validation_loss,learning_rate,gradient_norm,tokens_per_second\n",
               metrics.file_.get());
    return result<metrics_csv, file_error>(std::move(metrics));
  }

  template <class Trainer> result<void, training_error> on_step(const Trainer&, const step_report& r) {
    std::fprintf(file_.get(), "%td,%.9g,,%.9g,%.9g,%.0f\n", r.step, r.loss, r.learning_rate, r.gradient_norm,
                 r.tokens_per_second);
    return flush();
  }
  template <class Trainer> result<void, training_error> on_evaluation(const Trainer&, const evaluation_report& r) {
    std::fprintf(file_.get(), "%td,,%.9g,,,\n", r.step, r.validation_loss);
    return flush();
  }

 private:
  struct closed {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit metrics_csv(const std::string& path) : path_{path}, file_{std::fopen(path.c_str(), "w")} {}

  result<void, training_error> flush() {
    if (std::fflush(file_.get()) == 0) return {};
    return failure{
        training_error{training_error::problem::file, path_ + ": cannot be written: " + std::strerror(errno)}};
  }

  std::string path_;
  std::unique_ptr<std::FILE, closed> file_;
};

}  // namespace typeformer
