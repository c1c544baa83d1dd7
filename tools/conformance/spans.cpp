// SPDX-License-Identifier: BSL-1.0
#include <conformance/run_files.hpp>
#include <conformance/span_cases.hpp>

// spans REQUESTS: the results, as JSON, of the cases of T5's data functions in a JSON list. A case's name is its place.
int main(int, char** arguments) {
  namespace judged = typeformer::conformance;
  rapidjson::Document cases;
  cases.Parse(judged::read_text(arguments[1]).c_str());
  if (!cases.IsArray()) return 1;
  for (unsigned number = 0; number < cases.Size(); ++number)
    judged::report(std::to_string(number), [&] {
      judged::span_results results;
      judged::compute_span_case(judged::span_case(cases[number]), results);
      return judged::json_of(results.json());
    });
}
