// SPDX-License-Identifier: BSL-1.0
#include <imported_cases.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <typeformer/hosted/weights/load.hpp>

// The header has compiled before these tests run.
namespace {

template <class M> void check_case(const std::filesystem::path& folder) {
  INFO(folder.string());
  const auto values = typeformer::load_parameters<M>(folder.string());
  if (!values) FAIL_CHECK(values.error().message());
  else {
    const float* const first = values->data();
    CHECK(std::all_of(first, first + values->count, [](float value) { return std::isfinite(value); }));
    CHECK(std::any_of(first, first + values->count, [](float value) { return value != 0; }));
  }
}

}  // namespace

TEST_CASE("loads a case's weights into the type made of its config.json") {
  for_each_golden_case(
      []<class M>(const char* folder) { check_case<M>(std::filesystem::path{TYPEFORMER_SOURCE_DIR} / folder); });
}

TEST_CASE("loads the weights of every case of the reference data into the type of its config.json") {
  TYPEFORMER_NEEDS_SHARED(fixtures, "fixtures/models");
  for_each_shared_case([]<class M>(const char* folder) { check_case<M>(shared_data(folder)); });
  CHECK(std::filesystem::exists(fixtures));
}
