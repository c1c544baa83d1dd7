// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer {

/// An observer that writes two files after every evaluation, after every `interval` steps and at the end:
/// `checkpoint.safetensors` beside `path`, for `trainer::resume`, and then the parameters alone in `path`, for `load`.
///
/// Each file is whole at any time. A file with numbers that are not finite is not written. The metadata of `path`
/// contain the number of steps, in addition to the texts that are given here. It is an error if `path` is the
/// checkpoint's own.
class checkpoint_keeper {
 public:
  using texts = std::vector<std::pair<std::string, std::string>>;

  /// `interval`: 0: only after evaluations.
  explicit checkpoint_keeper(std::string path, texts metadata = {}, index_type interval = 0)
      : path_{std::move(path)}, metadata_{std::move(metadata)}, interval_{interval} {}

  /// The file from which a run can continue.
  std::string checkpoint_path() const {
    return path_.substr(0, path_.find_last_of('/') + 1) + "checkpoint.safetensors";
  }

  template <class Trainer> result<void, training_error> on_step(const Trainer& trainer, const step_report& r) {
    return interval_ > 0 && r.step % interval_ == 0 ? keep(trainer) : result<void, training_error>{};
  }
  template <class Trainer>
  result<void, training_error> on_evaluation(const Trainer& trainer, const evaluation_report& r) {
    return r.step > 0 ? keep(trainer) : result<void, training_error>{};
  }
  template <class Trainer> result<void, training_error> on_end(const Trainer& trainer, const training_summary&) {
    return trainer.steps_taken() == kept_step_ ? result<void, training_error>{} : keep(trainer);
  }

 private:
  template <class Trainer> result<void, training_error> keep(const Trainer& trainer) {
    if (path_ == checkpoint_path())
      return failure{training_error{training_error::problem::bad_option,
                                    printable(path_) + ": this name is the checkpoint's, the parameters need another"}};
    if (auto saved = trainer.save_checkpoint(checkpoint_path()); !saved) return saved;
    const std::string step = std::to_string(trainer.steps_taken());
    std::vector<std::pair<std::string_view, std::string_view>> metadata{{"step", step}};
    metadata.insert(metadata.end(), metadata_.begin(), metadata_.end());
    if (const auto saved = save(path_, trainer.values(), metadata); !saved)
      return failure{training_error{training_error::problem::file, saved.error().message()}};
    kept_step_ = trainer.steps_taken();
    return {};
  }

  std::string path_;
  texts metadata_;
  index_type interval_;
  index_type kept_step_ = -1;
};

}  // namespace typeformer
