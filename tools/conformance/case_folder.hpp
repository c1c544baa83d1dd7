// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <string>

#include <typeformer/hosted/weights/load.hpp>

#include "case_settings.hpp"
#include "tensors.hpp"

namespace typeformer::conformance {

/// The input of a runner: the case, the model's weights in both forms, and the settings of case.json.
template <Model M> struct opened_case {
  const checkpoint_file& given;
  const parameters<M>& start;
  const weights<M>& values;
  case_settings settings;
  bool everything;  ///< case.safetensors; otherwise expected.safetensors, which checks loading by the forward pass
};

/// The exit code of a runner whose case needs something that the library does not have.
inline int missing(const char* what) { return std::fprintf(stderr, "missing: %s\n", what), 3; }

/// Runs a case folder and writes everything that `compute(opened_case, tensors&)` computed. Returns the exit code of
/// the runner, which is that of `compute` if it is not 0.
template <Model M, class Compute>
int run_case_folder(const std::string& folder, const std::string& output, Compute compute) {
  const auto reject = [](const file_error& error) { return std::fprintf(stderr, "%s\n", error.message().c_str()), 1; };
  auto given = checkpoint_file::open(folder + "/case.safetensors");
  const bool everything = given.has_value();
  if (!everything) given = checkpoint_file::open(folder + "/expected.safetensors");
  if (!given) return reject(given.error());
  const auto start = load_parameters<M>(folder);
  if (!start) return reject(start.error());
  const auto values = load<M>(folder);
  if (!values) return reject(values.error());
  tensors results;
  const opened_case<M> c{*given, *start, *values, settings_of(folder), everything};
  if (c.settings.adamw.steps != 1) return missing("several steps of AdamW");
  if (const int code = compute(c, results)) return code;
  if (const auto written = write_results(output, results); !written) return reject(written.error());
  return 0;
}

}  // namespace typeformer::conformance
