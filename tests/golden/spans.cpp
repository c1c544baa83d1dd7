// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <iterator>

#include <conformance/span_cases.hpp>
#include <support/shared_data.hpp>

namespace typeformer {
namespace {

TEST_CASE("T5's data functions: the cases of its own tests") {
  TYPEFORMER_NEEDS_SHARED(path, "pretraining/t5/span_corruption_cases.json");
  std::ifstream file{path, std::ios::binary};
  rapidjson::Document document;
  document.Parse(std::string{std::istreambuf_iterator<char>{file}, {}}.c_str());
  REQUIRE(document.IsObject());
  int judged = 0;
  for (auto& json : document["cases"].GetArray()) {
    constexpr int pieces_of_its_sentencepiece_model = 26;
    if (!json.HasMember("vocab_size"))
      json.AddMember("vocab_size", pieces_of_its_sentencepiece_model, document.GetAllocator());
    conformance::span_results results;
    conformance::compute_span_case(conformance::span_case(json), results);
    for (const auto& [key, expected] : json.GetObject()) {
      if (!std::string(key.GetString()).starts_with("expected")) continue;
      INFO(json["fn"].GetString() << " " << key.GetString());
      REQUIRE(results.json().HasMember(key.GetString()));
      CHECK(results.json()[key.GetString()] == expected);
      ++judged;
    }
  }
  CHECK(judged == 19);  // 18 cases; two of them expect inputs and targets, one is random
}

}  // namespace
}  // namespace typeformer
