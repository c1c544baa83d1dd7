// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <iterator>
#include <string>

#include <rapidjson/document.h>

#include <support/shared_data.hpp>
#include <typeformer/hosted/data/noise_spans.hpp>

namespace typeformer {
namespace {

TEST_CASE("computes lengths of texts and targets as T5's own function does") {
  TYPEFORMER_NEEDS_SHARED(path, "pretraining/t5/random_spans_helper.json");
  std::ifstream file{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document json;
  json.Parse(text.c_str());
  REQUIRE(json.IsObject());
  REQUIRE(json["rows"].Size() == 360);
  for (const auto& row : json["rows"].GetArray()) {
    const auto spans = noise_spans::of(row[1].GetDouble(), row[2].GetDouble());
    REQUIRE(spans);
    INFO(row[0].GetInt() << " " << row[1].GetDouble() << " " << row[2].GetDouble());
    CHECK(spans->lengths_for(row[0].GetInt()) == corruption_lengths{row[3].GetInt(), row[4].GetInt()});
  }
}

}  // namespace
}  // namespace typeformer
