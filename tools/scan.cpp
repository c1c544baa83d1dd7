// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "scan/exact_match.hpp"
#include "scan/training.hpp"

int main(int argc, char** argv) {
  scan::request request;
  CLI::App app{
      "Trains a small T5 that is a C++ type to turn SCAN's commands into actions (Lake, Baroni 2018, "
      "arXiv:1711.00350), and says how many commands of a test file it gets wholly right."};
  auto* const train =
      app.add_option("--train", request.training_file, "Lines IN: command OUT: actions, such as tasks_train_simple.txt")
          ->check(CLI::ExistingFile);
  auto* const test =
      app.add_option("--test", request.test_file, "The same, such as tasks_test_simple.txt")->check(CLI::ExistingFile);
  train->needs(test);
  test->needs(train);
  app.add_option("--split", request.split, "Commands that the program generates by SCAN's grammar, in place of files")
      ->check(CLI::IsMember({"simple", "length", "jump"}))
      ->excludes(train)
      ->excludes(test);
  app.add_option("--steps", request.steps, "Training steps")->check(arguments::steps())->capture_default_str();
  app.add_option("--learning-rate", request.learning_rate,
                 "The greatest, in shares of a tensor's root mean square (Adafactor)")
      ->check(arguments::number_above_0())
      ->capture_default_str();
  app.add_option("--seed", request.seed, "The same seed gives the same run")
      ->check(arguments::seed())
      ->capture_default_str();
  app.footer("Ctrl-C and SIGTERM end training after the step; the exit code is 130.");
  CLI11_PARSE(app, argc, argv);
  if (request.training_file.empty() && request.split.empty()) {
    std::cerr << "--train with --test, or --split: expected one of them, found none\n";
    return 2;
  }

  const auto found = scan::train_and_test(request);
  if (!found) {
    std::cerr << typeformer::printable(found.error()) << "\n";
    return 1;
  }
  if (!*found) {
    std::cerr << "interrupted: nothing is tested\n";
    return arguments::interrupted;
  }
  const scan::exact_match& match = **found;
  std::printf("exact match: %td of %td commands, %.2f %%\n", match.right, match.commands,
              100 * double(match.right) / double(match.commands));
  return 0;
}
