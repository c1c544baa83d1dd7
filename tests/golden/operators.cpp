// SPDX-License-Identifier: BSL-1.0
#include <conformance/operators.hpp>
#include <golden/folders.hpp>

// Every operator against numbers of independent implementations, forward and gradients: in double the reference, in
// float the SIMD kernels.
namespace typeformer {
namespace {

using testing::golden_data, testing::judge_folder, testing::missing_cases;

template <class S> missing_cases judge_operators(const std::filesystem::path& folder) {
  return judge_folder(folder, {"out.", "grad."}, [](const std::string& name, conformance::given_case& c) {
    return conformance::compute_operator<S>(name, c);
  });
}

/// A case that has no counterpart for another reason is a failure.
const missing_cases known_missing{
    {"sdpa_alibi", "input in.slopes"},
    {"sdpa_t5_bias_bidir", "attribute num_buckets"},
    {"sdpa_t5_bias_causal", "attribute num_buckets"},
    {"t5_buckets", "operator t5_buckets"},
    {"txl_rel_attention", "operator txl_rel_attention"},
    {"txl_rel_attention_mem", "operator txl_rel_attention_mem"},
};

TEST_CASE("operators in double: the reference") { CHECK(judge_operators<double>(golden_data("ops")) == known_missing); }

TEST_CASE("operators in float: the SIMD kernels") {
  CHECK(judge_operators<float>(golden_data("ops")) == known_missing);
}

TEST_CASE("operators of all reference data") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/ops");
  CHECK(judge_operators<double>(folder) == known_missing);
  CHECK(judge_operators<float>(folder) == known_missing);
}

TEST_CASE("operators that the library does not have yet") {
  std::string names;
  for (const auto& [name, reason] : known_missing) {
    INFO(name);
    CHECK(std::filesystem::exists(golden_data("ops") / (name + ".safetensors")));
    names += (names.empty() ? "no " : ", ") + name;
  }
  if (!names.empty()) testing::report_skipped(names);
}

}  // namespace
}  // namespace typeformer
