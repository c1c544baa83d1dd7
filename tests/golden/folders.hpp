// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <conformance/given_case.hpp>
#include <support/safetensors_case.hpp>
#include <support/shared_data.hpp>

namespace typeformer::testing {

/// The selection of the reference data that the repository holds.
inline std::filesystem::path golden_data(const char* folder) {
  return std::filesystem::path{TYPEFORMER_SOURCE_DIR} / "tests/golden" / folder;
}

inline std::vector<std::filesystem::path> cases_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

inline conformance::given_case read_case(const std::filesystem::path& path) {
  auto file = checkpoint_file::open(path.string());
  REQUIRE(file);
  return {std::move(*file), ""};
}

/// Compares the results of a case with the expected ones. Every tensor whose name begins with one of the prefixes must
/// be among the results.
inline void judge_results(const std::filesystem::path& path, const conformance::tensors& results,
                          std::initializer_list<const char*> prefixes) {
  safetensors_case expected{path};
  for (const auto& [name, result] : results) {
    if (!expected.has(name)) continue;
    INFO(name);
    const auto& shape = expected[name].shape;
    CHECK(std::equal(shape.begin(), shape.end(), result.shape.begin(), result.shape.end()));
    if (!result.ids.empty()) CHECK(result.ids == expected[name].integers);
    else if (result.doubles.empty()) expected.judge(name, result.numbers);
    else expected.judge(name, result.doubles);
  }
  expected.require_all_judged(prefixes);
}

/// What the library does not have, by the name of the case.
using missing_cases = std::map<std::string, std::string>;

/// Compares the cases of a folder with `compute(name, case)`. Returns those that have no counterpart in the library.
template <class Compute>
missing_cases judge_folder(const std::filesystem::path& folder, std::initializer_list<const char*> prefixes,
                           Compute compute) {
  const auto files = cases_in(folder);
  REQUIRE(!files.empty());
  missing_cases missing;
  for (const auto& path : files) {
    const std::string name = path.stem().string();
    INFO(name);
    conformance::given_case c = read_case(path);
    try {
      judge_results(path, compute(name, c), prefixes);
    } catch (const conformance::not_supported& what) {
      missing[name] = what.what();
    }
  }
  return missing;
}

}  // namespace typeformer::testing
