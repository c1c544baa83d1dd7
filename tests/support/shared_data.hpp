// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string_view>

#include <support/catch.hpp>

namespace typeformer::testing {

/// Where a file or folder of the reference data lies, whether or not it exists.
/// The environment variable TYPEFORMER_SHARED goes before the path that CMake compiled in.
inline std::filesystem::path shared_data(std::string_view relative) {
  const char* const root = std::getenv("TYPEFORMER_SHARED");
  return std::filesystem::path{root != nullptr && *root != '\0' ? root : TYPEFORMER_SHARED} / relative;
}

/// Says that the running test case does not judge anything, and why; `scripts/test` counts these lines.
inline void report_skipped(std::string_view reason) {
  std::cout << "SKIPPED: " << Catch::getResultCapture().getCurrentTestName() << ": " << reason << std::endl;
  SUCCEED(reason);
}

}  // namespace typeformer::testing

using typeformer::testing::shared_data;

/// Declares `variable` as the path of a place in the reference data, or skips the running test case visibly when it is
/// absent. Use it in the test case itself, before its first section.
#define TYPEFORMER_NEEDS_SHARED(variable, relative)                                        \
  const std::filesystem::path variable = ::typeformer::testing::shared_data(relative);     \
  if (!std::filesystem::exists(variable)) {                                                \
    ::typeformer::testing::report_skipped("no " + (variable).lexically_normal().string()); \
    return;                                                                                \
  }                                                                                        \
  static_assert(true)
