// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>

/// What stories260K computes, and what it is compared with.
namespace typeformer::testing {

/// The logits after every token, [tokens][vocabulary], decoded one by one.
template <class Session>
std::vector<float> decoded(const typename Session::weights_type& values, std::span<const std::int32_t> tokens) {
  Session run{values};
  std::vector<float> all;
  for (const std::int32_t id : tokens) {
    const auto logits = run.decode(id);
    REQUIRE(logits);
    all.insert(all.end(), logits->begin(), logits->end());
  }
  return all;
}

/// run{i}.tokens and run{i}.logits_f64 of expected_logits.safetensors.
struct expected_run {
  std::vector<std::int32_t> tokens;
  std::vector<double> logits;
};
inline std::vector<expected_run> expected_runs(const std::filesystem::path& folder) {
  const auto file = checkpoint_file::open((folder / "expected_logits.safetensors").string());
  REQUIRE(file);
  std::vector<expected_run> runs;
  for (int i = 0; const stored_tensor* logits = file->find("run" + std::to_string(i) + ".logits_f64"); ++i) {
    const stored_tensor* const tokens = file->find("run" + std::to_string(i) + ".tokens");
    REQUIRE(tokens);
    std::vector<std::int64_t> given(tokens->element_count());
    REQUIRE(read_integers(*tokens, given));
    expected_run& run = runs.emplace_back();
    run.tokens.assign(given.begin(), given.end());
    REQUIRE(logits->dtype == tensor_dtype::f64);
    run.logits.resize(logits->element_count());
    std::memcpy(run.logits.data(), logits->bytes.data(), logits->bytes.size());
    REQUIRE(run.logits.size() == run.tokens.size() * 512);
  }
  REQUIRE(!runs.empty());
  return runs;
}

/// The sum of -log p of each next token.
template <class Number> double loss(const std::vector<Number>& logits, const std::vector<std::int32_t>& tokens) {
  const std::size_t width = logits.size() / tokens.size();
  double sum = 0;
  for (std::size_t t = 0; t + 1 < tokens.size(); ++t) {
    const Number* const row = logits.data() + t * width;
    const double greatest = double(*std::max_element(row, row + width));
    double all = 0;
    for (std::size_t i = 0; i < width; ++i) all += std::exp(double(row[i]) - greatest);
    sum += greatest + std::log(all) - double(row[tokens[t + 1]]);
  }
  return sum;
}

/// The loss over all predictions of expected_logits.safetensors, relative to that of their logits in double.
template <class Session>
double relative_loss(const typename Session::weights_type& values, const std::vector<expected_run>& runs) {
  double expected = 0, got = 0;
  std::size_t predictions = 0;
  for (const expected_run& run : runs) {
    expected += loss(run.logits, run.tokens);
    got += loss(decoded<Session>(values, run.tokens), run.tokens);
    predictions += run.tokens.size() - 1;
  }
  CHECK(predictions == 249);
  return got / expected;
}

}  // namespace typeformer::testing
