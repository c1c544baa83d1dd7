// SPDX-License-Identifier: BSL-1.0
#include <conformance/operators.hpp>
#include <golden/folders.hpp>

// Every operator compared with numbers of independent implementations, forward and backward: in double the reference,
// in float the SIMD kernels.
namespace typeformer {
namespace {

using testing::golden_data, testing::judge_folder, testing::missing_cases;

template <class S> missing_cases judge_operators(const std::filesystem::path& folder) {
  return judge_folder(folder, {"out.", "grad."}, [](const std::string& name, conformance::given_case& c) {
    return conformance::compute_operator<S>(name, c);
  });
}

TEST_CASE("matches other implementations in double: the reference's operators") {
  CHECK(judge_operators<double>(golden_data("ops")) == missing_cases{});
}

TEST_CASE("matches other implementations in float: the SIMD kernels") {
  CHECK(judge_operators<float>(golden_data("ops")) == missing_cases{});
}

TEST_CASE("matches all reference data: operators") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/ops");
  CHECK(judge_operators<double>(folder) == missing_cases{});
  CHECK(judge_operators<float>(folder) == missing_cases{});
}

}  // namespace
}  // namespace typeformer
