// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <iterator>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <conformance/span_cases.hpp>
#include <support/shared_data.hpp>

namespace typeformer {
namespace {

TEST_CASE("computes the cases of the tests of T5's data functions") {
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

std::string answer_to(const char* json) {
  rapidjson::Document document;
  document.Parse(json);
  REQUIRE(document.IsObject());
  conformance::span_results results;
  conformance::compute_span_case(conformance::span_case(document), results);
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  results.json().Accept(writer);
  return text.GetString();
}

TEST_CASE("computes T5's data functions with other arguments") {
  CHECK(answer_to(R"json({"fn": "denoise (inputs=noise_token_to_sentinel, targets=drop_nonnoise_tokens)",
                          "vocab_size": 10, "tokens": [1, 2, 3, 4], "noise_mask": [false, true, true, false]})json") ==
        R"({"expected_inputs":[1,9,9,4],"expected_targets":[2,3]})");
  CHECK(answer_to(R"({"fn": "split_tokens", "length": 7, "max_tokens_per_segment": 3})") ==
        R"({"expected_segments":3})");
  CHECK(answer_to(R"({"fn": "random_spans_noise_mask", "length": 8, "noise_density": 0.25, "random_roll": false,
                      "mean_noise_span_length": 2, "expected": []})") == R"({"expected":[0,0,0,0,0,0,1,1]})");
  CHECK(answer_to(R"({"fn": "pack_prefix_lm_decoder_only", "targets": [[5, 6, 7, 0]], "split_points": [2],
                      "loss_on_targets_only": false})")
            .find(R"("decoder_loss_weights":[1,1,1,0])") != std::string::npos);
}

TEST_CASE("skips what is not computed of T5's data functions, by name") {
  const char* const without_counterpart[] = {
      R"({"fn": "iid_noise_mask", "length": 8, "noise_density": 0.5})",
      R"({"fn": "random_spans_noise_mask", "length": 8, "noise_density": 0.5, "random_roll": true})",
      R"({"fn": "random_spans_noise_mask", "length": 8, "noise_density": 0.5, "batch_size": 2})",
      R"({"fn": "random_spans_noise_mask", "length": 8, "noise_density": 0.5, "mean_noise_span_length": 2,
          "expected": []})",
      R"({"fn": "denoise", "tokens": [1, 2, 3, 4, 5], "noise_density": 0.4, "mean_noise_span_length": 1,
          "vocab_size": 9})",
      R"json({"fn": "denoise (inputs=permute_noise_tokens)", "tokens": [1], "noise_mask": [0], "vocab_size": 9})json",
      R"({"fn": "random_spans_helper", "inputs_length": 64, "noise_density": 0.2, "mean_noise_span_length": 2,
          "extra_tokens_per_span_targets": 2})",
      R"({"fn": "pack_prefix_lm_decoder_only", "targets": [[5, 6, 7, 0]], "split_points": [2], "pad_id": 1})",
  };
  for (const char* const json : without_counterpart) {
    INFO(json);
    CHECK_THROWS_AS(answer_to(json), conformance::not_supported);
  }
}

}  // namespace
}  // namespace typeformer
