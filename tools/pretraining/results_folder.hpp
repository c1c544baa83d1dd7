// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/files/write_text.hpp>
#include <typeformer/hosted/training/interruption.hpp>
#include <typeformer/hosted/training/metrics_csv.hpp>
#include <typeformer/text/printable.hpp>
#include "request.hpp"

namespace demo {

/// Trains until the steps are done or Ctrl-C or SIGTERM comes. A later signal ends the program, since everything is
/// saved then.
template <class Trainer, class Data, class... Observers>
auto run_until_interrupted(Trainer& trainer, Data& data, Observers&&... observers) {
  tf::interruption interrupt;
  return trainer.run(data, interrupt, observers...);
}

/// The folder of a run's results. It is opened before training, so that no training is lost.
class results_folder {
 public:
  /// Stores the run's vocabulary in its own file.
  ///
  /// Errors, as texts: the folder has results but the run is not resumed, or the other way round; the earlier run had
  /// another vocabulary; a file cannot be written.
  static tf::result<results_folder, std::string> open(const pretraining_request& request,
                                                      const std::string& vocabulary_name,
                                                      const std::string& vocabulary) {
    results_folder folder{request};
    std::string earlier;
    for (const char* const name : {"checkpoint.safetensors", "model.safetensors", "metrics.csv", "loss.svg"})
      if (earlier.empty() && std::filesystem::exists(folder.file(name))) earlier = name;
    if (!earlier.empty() && !request.resume)
      return tf::failure{request.folder + " holds " + earlier +
                         " of an earlier run: --resume goes on from there, --out takes another folder"};
    if (earlier.empty() && request.resume)
      return tf::failure{request.folder +
                         " holds no results to go on from: leave --resume out, or give --out of that run"};
    const std::string path = folder.file(vocabulary_name);
    if (request.resume) {
      const auto before = tf::read_text(path);  // bytes have a vocabulary without text
      if (!std::filesystem::exists(path) || (before ? *before : std::string{}) != vocabulary)
        return tf::failure{path + " is not of this text: --resume goes on with the arguments of the earlier run"};
    }
    std::error_code rejected;
    std::filesystem::create_directories(request.folder, rejected);
    if (rejected) return tf::failure{request.folder + ": cannot be created: " + rejected.message()};
    if (const auto kept = tf::write_text(path, vocabulary); !kept) return tf::failure{kept.error().message()};
    folder.names_ = "model.safetensors, " + vocabulary_name + ", metrics.csv, loss.svg";
    return tf::result<results_folder, std::string>(std::move(folder));
  }

  std::string file(const std::string& name) const { return (std::filesystem::path(request_.folder) / name).string(); }

  /// A new file, or the rows of the earlier run before its checkpoint. Error, as a text: it cannot be written.
  tf::result<tf::metrics_csv, std::string> metrics() const {
    if (request_.resume) return tf::metrics_csv::going_on(file("metrics.csv"));
    auto created = tf::metrics_csv::create(file("metrics.csv"));
    if (!created) return tf::failure{created.error().message()};
    return tf::result<tf::metrics_csv, std::string>(std::move(*created));
  }

  /// Gives a trainer its initial values: those of the checkpoint, or new ones if the earlier run had reached none.
  /// Error, as a text: a checkpoint that is damaged or of another run.
  template <class Trainer> tf::result<void, std::string> begin(Trainer& trainer) const {
    const std::string checkpoint = file("checkpoint.safetensors");
    if (!request_.resume || !std::filesystem::exists(checkpoint)) {
      if (request_.resume) std::cerr << "The earlier run came to no checkpoint: begins again\n";
      trainer.initialize(request_.seed);
      return {};
    }
    if (const auto resumed = trainer.resume(checkpoint); !resumed)
      return tf::failure{resumed.error().message() + "; --resume goes on with the arguments of the earlier run"};
    std::cerr << "Goes on after step " << trainer.steps_taken() << " of " << trainer.recipe().steps << "\n";
    return {};
  }

  /// Prints where the results are, and how an interrupted run is resumed.
  void tell(bool interrupted) const {
    std::cerr << "Kept in " << tf::printable(request_.folder) << ": " << names_ << "\n";
    if (interrupted) std::cerr << "interrupted: the same command with --resume goes on from there\n";
  }

 private:
  explicit results_folder(const pretraining_request& request) : request_{request} {}

  pretraining_request request_;
  std::string names_{};
};

}  // namespace demo
