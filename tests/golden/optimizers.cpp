// SPDX-License-Identifier: BSL-1.0
#include <conformance/optimizers.hpp>
#include <conformance/schedules.hpp>
#include <golden/folders.hpp>

// Optimizers and schedules compared with those of PyTorch, Hugging Face, pytorch_lamb and lion_pytorch, with the
// hyper-parameters in the reference data.
namespace typeformer {
namespace {

using testing::golden_data, testing::judge_folder;

template <class S> testing::missing_cases judge_optimizers(const std::filesystem::path& folder) {
  return judge_folder(folder, {"p", "state"}, [](const std::string&, conformance::given_case& c) {
    if (!conformance::holds_schedules(c)) return conformance::compute_optimizer<S>(c);
    const conformance::tensors schedules = conformance::compute_schedules(c);
    for (const auto& [name, rates] : schedules) {
      INFO(name);
      std::vector<double> expected(rates.doubles.size());
      REQUIRE(c.file().find(name)->bytes.size() == expected.size() * sizeof(double));
      std::memcpy(expected.data(), c.file().find(name)->bytes.data(), expected.size() * sizeof(double));
      for (std::size_t t = 0; t < expected.size(); ++t)
        CHECK(rates.doubles[t] == Approx(expected[t]).epsilon(1e-13).margin(1e-15));
    }
    return schedules;
  });
}

TEST_CASE("matches the reference in every step in double: optimizers and schedules") {
  CHECK(judge_optimizers<double>(golden_data("optim")).empty());
}

TEST_CASE("matches the reference in every step in float: optimizers") {
  CHECK(judge_optimizers<float>(golden_data("optim")).empty());
}

TEST_CASE("matches all reference data: optimizers and schedules") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/optim");
  CHECK(judge_optimizers<double>(folder).empty());
  CHECK(judge_optimizers<float>(folder).empty());
}

}  // namespace
}  // namespace typeformer
