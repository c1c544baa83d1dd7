// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/setting_message.hpp>
#include <typeformer/hosted/training/training_reports.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer {

/// An observer that writes two files after every evaluation, after every `interval` steps and at the end:
/// `checkpoint.safetensors` beside `path`, for `trainer::resume`, and then the parameters alone in `path`, for `load`.
///
/// Each file is whole at any time. A file with numbers that are not finite is not written. The metadata of `path`
/// contain the number of steps as `step`, in addition to the texts that are given here.
///
/// Errors, before the first step: `path` is the checkpoint's own; an `interval` below 0; a key of the metadata that is
/// `step` or stands twice. Later, those of `save`.
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

  auto settings() const { return std::array{setting{"interval", interval_, any_count}}; }

  template <class Trainer> result<void, training_error> on_start(const Trainer&) {
    const auto reject = [](const std::string& why) {
      return failure{training_error{training_error::problem::bad_option, why}};
    };
    if (path_ == checkpoint_path())
      return reject(printable(path_) + ": this name is the checkpoint's, the parameters need another");
    for (std::size_t i = 0; i < metadata_.size(); ++i) {
      const std::string& key = metadata_[i].first;
      const auto has_key = [&](const auto& other) { return other.first == key; };
      if (key == step_key || std::any_of(metadata_.begin(), metadata_.begin() + std::ptrdiff_t(i), has_key))
        return reject("checkpoint keeper: the key \"" + printable(key) + "\" of the metadata stands twice");
    }
    return check_settings(*this, "checkpoint keeper");
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
  static constexpr std::string_view step_key = "step";

  template <class Trainer> result<void, training_error> keep(const Trainer& trainer) {
    if (auto saved = trainer.save_checkpoint(checkpoint_path()); !saved) return saved;
    const std::string step = std::to_string(trainer.steps_taken());
    std::vector<std::pair<std::string_view, std::string_view>> metadata{{step_key, step}};
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
