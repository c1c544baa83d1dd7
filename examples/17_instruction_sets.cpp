// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 17. One program for every processor: the model is compiled once for each instruction set, and the processor chooses.
//     docs/instruction_sets.md explains it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "dispatched/reader.hpp"

namespace {

constexpr std::int32_t prompt[]{17, 4, 99, 311, 28, 5, 64, 230, 8, 8, 401, 12, 77, 160, 3, 42};

double milliseconds_of(reader& model) {
  const auto start = std::chrono::steady_clock::now();
  model.read(prompt);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main() {
  const auto chosen = readers.choose();  // or what the environment variable TYPEFORMER_ISA names
  if (!chosen) {
    std::fprintf(stderr, "%s\n", chosen.error().message().c_str());
    return 1;
  }
  std::printf("chosen: %.*s\n", int(chosen->isa.size()), chosen->isa.data());
  const auto model = chosen->make();
  const auto logits = model->read(prompt);
  if (logits.empty()) return 1;

  bool right = true;
  for (const typeformer::isa_build* const build : readers.builds()) {
    const auto other = readers.choose(build->isa);
    if (!other) {
      std::printf("%s\n", other.error().message().c_str());
      continue;
    }
    const auto other_model = other->make();
    const auto other_logits = other_model->read(prompt);
    if (other_logits.size() != logits.size()) return 1;
    float difference = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
      difference = std::max(difference, std::abs(logits[i] - other_logits[i]));
    double best = milliseconds_of(*other_model);
    for (int run = 0; run < 20; ++run) best = std::min(best, milliseconds_of(*other_model));
    std::printf("%.*s: %.3f ms, logits differ by %.1g\n", int(build->isa.size()), build->isa.data(), best,
                double(difference));
    right = right && difference < 1e-5f;
  }
  return right ? 0 : 1;
}
