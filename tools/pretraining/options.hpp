// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/printable.hpp>

#include "../arguments.hpp"
#include "request.hpp"

namespace demo {

/// The options that all pre-training programs have. The request must outlive the parsing.
inline void add_options(CLI::App& app, pretraining_request& request, const char* what_text) {
  app.add_option("--text", request.text_file, what_text);
  app.add_option("--out", request.folder, "Folder for weights, metrics and loss curve")->capture_default_str();
  app.add_option("--steps", request.steps, "Training steps")->check(arguments::steps());
  app.add_option("--seed", request.seed, "The same seed gives the same run")
      ->check(arguments::seed())
      ->capture_default_str();
  app.add_flag("--resume", request.resume, "Go on from the checkpoint in --out, with the arguments of that run");
  app.add_flag("--quick", request.quick, "A few steps only, to see that everything works");
  app.footer("Ctrl-C and SIGTERM end training after the step; what was learned is kept, and the exit code is 130.");
}

inline std::string results_beside(const char* program) {
  return (std::filesystem::path(program).parent_path() / "demo-results").string();
}

/// The exit code of a program with this result. Prints the error.
inline int exit_code(const tf::result<bool, std::string>& trained) {
  if (trained) return *trained ? 0 : arguments::interrupted;
  std::cerr << tf::printable(trained.error()) << "\n";
  return 1;
}

}  // namespace demo
