// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <string>

#include <support/catch.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/layers/query_key_norm.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/initialize.hpp>

namespace typeformer {
namespace {

struct moments {
  double count = 0, sum = 0, squares = 0, cubes = 0, fourths = 0, beyond_two_deviations = 0;

  void add(double x, double deviation) {
    count += 1;
    sum += x;
    squares += x * x;
    cubes += x * x * x;
    fourths += x * x * x * x;
    beyond_two_deviations += std::abs(x) > 2 * deviation;
  }
};

/// The first four moments and a tail of a normal distribution of mean 0, each within 4.5 standard errors: of the mean
/// σ/√n, of the mean square σ²√(2/n), of the mean cube σ³√(15/n), of the mean fourth power σ⁴√(96/n).
void check_normal(const moments& m, double deviation) {
  constexpr double errors = 4.5;
  const double n = m.count, variance = deviation * deviation, tail = 0.0455002638963584;
  CHECK(std::abs(m.sum / n) < errors * deviation / std::sqrt(n));
  CHECK(std::abs(m.squares / n - variance) < errors * variance * std::sqrt(2 / n));
  CHECK(std::abs(m.cubes / n) < errors * variance * deviation * std::sqrt(15 / n));
  CHECK(std::abs(m.fourths / n - 3 * variance * variance) < errors * variance * variance * std::sqrt(96 / n));
  CHECK(std::abs(m.beyond_two_deviations / n - tail) < errors * std::sqrt(tail * (1 - tail) / n));
}

/// Checks every tensor of a model: `deviation(name)` of its normal distribution, 0 for gains and biases.
template <class M, class Deviation> std::map<double, int> check_start(unsigned seed, Deviation deviation) {
  parameters<M> values;
  initialize(values, std::mt19937{seed});
  std::map<double, int> tensors;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
    const std::string name{tensor.name().view()};
    INFO(name);
    const double expected = deviation(std::string_view{name});
    ++tensors[expected];
    moments seen;
    bool constant = true;
    for (index_type i = 0; i < tensor.size(); ++i) {
      seen.add(values.of(tensor)[i], expected);
      constant = constant && values.of(tensor)[i] == (name.ends_with("weight") ? 1.0f : 0.0f);
    }
    CHECK(constant == (expected == 0));
    if (expected > 0) check_normal(seen, expected);
  });
  return tensors;
}

struct gpt2_of_six_layers : gpt2<gpt2_config{.layers = 6, .width = 96, .heads = 4, .vocabulary = 300, .context = 64}> {
};
struct llama_of_two_layers
    : llama<llama_config{.layers = 2, .width = 64, .heads = 4, .hidden = 172, .vocabulary = 300, .context = 64}> {};

TEST_CASE("initializes gpt2 with 0.02, residual ends with 0.02 / sqrt(2 layers), biases 0, gains 1") {
  const double into_residual = 0.02 / std::sqrt(12.0);
  const auto tensors = check_start<gpt2_of_six_layers>(1, [&](std::string_view name) {
    if (name.ends_with("bias") || name.find("norm") != std::string_view::npos) return 0.0;
    return name.ends_with("output.weight") || name.ends_with("down.weight") ? into_residual : 0.02;
  });
  CHECK(tensors.at(into_residual) == 2 * 6);
  CHECK(tensors.at(0.02) == 4 * 6 + 2);           // queries, keys, values, the up projection; both tables
  CHECK(tensors.at(0.0) == (4 + 4 + 2) * 6 + 2);  // biases of attention, norms, biases of the feed-forward; final norm
}

TEST_CASE("initializes llama with 0.02 and gains of 1") {
  const auto tensors = check_start<llama_of_two_layers>(
      2, [](std::string_view name) { return name.find("norm") != std::string_view::npos ? 0.0 : 0.02; });
  CHECK(tensors.at(0.02) == 7 * 2 + 2);
  CHECK(tensors.at(0.0) == 2 * 2 + 1);
}

TEST_CASE("initializes weights with 0 where 1 is added to them") {
  struct offset_model
      : decoder_only<token_embedding<vocabulary<11>, width<8>>, learned_positions<context<4>>,
                     named<"attention", self_attention<heads<2>, query_key_norm<rms_norm<unit_offset>>>>,
                     named<"norm", rms_norm<>>, named<"final_norm", layer_norm<unit_offset>>, tied_head> {};
  parameters<offset_model> values;
  initialize(values, std::mt19937{3});
  int checked = 0;
  for_each_tensor(layout_of<offset_model>, [&](const parameter_tensor& tensor) {
    const std::string name{tensor.name().view()};
    if (name.find("norm") == std::string::npos) return;
    INFO(name);
    for (index_type i = 0; i < tensor.size(); ++i) CHECK(values.of(tensor)[i] == (name == "norm.weight" ? 1 : 0));
    ++checked;
  });
  CHECK(checked == 5);
}

TEST_CASE("initializes the same weights from the same seed, and others from another") {
  parameters<llama_of_two_layers> first, again, other;
  initialize(first, std::mt19937{5});
  initialize(again, std::mt19937{5});
  initialize(other, std::mt19937{6});
  const std::size_t bytes = std::size_t(first.size()) * sizeof(float);
  CHECK(std::memcmp(first.data(), again.data(), bytes) == 0);
  CHECK(std::memcmp(first.data(), other.data(), bytes) != 0);
}

}  // namespace
}  // namespace typeformer
