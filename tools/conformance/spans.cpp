// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <conformance/span_cases.hpp>

// spans REQUESTS: the cases of T5's data functions in a JSON list. One line per case, in their order: `computed JSON`,
// `skipped missing: REASON` or `failed REASON`.
int main(int, char** arguments) {
  namespace judged = typeformer::conformance;
  std::ifstream file{arguments[1], std::ios::binary};
  rapidjson::Document cases;
  cases.Parse(std::string{std::istreambuf_iterator<char>{file}, {}}.c_str());
  if (!cases.IsArray()) return 1;
  for (const auto& json : cases.GetArray()) try {
      judged::span_results results;
      judged::compute_span_case(judged::span_case(json), results);
      rapidjson::StringBuffer text;
      rapidjson::Writer<rapidjson::StringBuffer> writer(text);
      results.json().Accept(writer);
      std::printf("computed %s\n", text.GetString());
    } catch (const judged::not_supported& missing) {
      std::printf("skipped missing: %s\n", missing.what());
    } catch (const std::exception& wrong) {
      std::printf("failed %s\n", wrong.what());
    }
  return 0;
}
