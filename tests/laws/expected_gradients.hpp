// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/laws/probe.hpp>
#include <typeformer/laws/ragged_batch.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer::laws {

/// The gradient of one tensor, or of several consecutive ones, by another implementation.
struct expected_gradient {
  std::string tensor;  // the first
  int tensors;
  double first, last, squares;
};

/// Compares the loss and the gradients of a walk in double with those of another implementation: parameter i is
/// sin(1.7 (i + 1)) / 2.
template <class Walk, capacities Reserved>
void check_expected_walk(double loss, const std::vector<expected_gradient>& expected) {
  using walk = Walk;
  using use = walk_use<purpose::train, Reserved>;
  using plan = planned<walk, use>;
  std::vector<double> values(std::size_t(plan::value.parameters));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(1.7 * double(i + 1)) / 2;
  const ragged_batch batch{use::reserved, 2};
  walk_runner<walk, use, double> runner;
  const auto found = runner.run(canonical_weights_view<double>{values.data()}, batch.view());
  CHECK(found.data[0] == Approx(loss).epsilon(1e-12));

  std::vector<parameter_tensor> tensors;
  for_each_tensor({plan::value.leaves.data(), plan::value.leaf_count, plan::value.parameters},
                  [&](const parameter_tensor& t) { tensors.push_back(t); });
  std::size_t at = 0;
  for (const expected_gradient& e : expected) {
    INFO(e.tensor);
    REQUIRE(at + std::size_t(e.tensors) <= tensors.size());
    CHECK(std::string(tensors[at].name().view()) == e.tensor);
    const std::size_t begin = std::size_t(tensors[at].offset);
    at += std::size_t(e.tensors);
    const std::size_t end = std::size_t(tensors[at - 1].offset + tensors[at - 1].size());
    double squares = 0;
    for (std::size_t i = begin; i < end; ++i) squares += runner.gradients[i] * runner.gradients[i];
    CHECK(runner.gradients[begin] == Approx(e.first).epsilon(1e-12).margin(1e-14));
    CHECK(runner.gradients[end - 1] == Approx(e.last).epsilon(1e-12).margin(1e-14));
    CHECK(squares == Approx(e.squares).epsilon(1e-12));
  }
  CHECK(at == tensors.size());
}

/// A layer after an input of this width, which is the first parameter. Two sequences of 5 and 3 tokens, 10 rows
/// reserved.
template <class Layer, index_type Width>
void check_expected(double loss, const std::vector<expected_gradient>& expected) {
  check_expected_walk<typename probe<Layer, Width>::training, capacities{2, 5, 0}>(loss, expected);
}

}  // namespace typeformer::laws
