// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/hosted/interpretability/linear_probe.hpp>

using namespace typeformer;

namespace {

/// Rows of noise to which the direction of their class is added.
struct drawn_rows {
  philox random{5};
  std::vector<std::array<float, 6>> rows;
  std::vector<std::int32_t> labels;

  drawn_rows(std::size_t count, float strength) {
    for (std::size_t i = 0; i < count; ++i) {
      std::array<float, 6> row{};
      for (float& x : row) x = float(double(random()) / 4294967296.0 - 0.5);
      const auto label = std::int32_t(random() % 3);
      row[std::size_t(label)] += strength;
      row[5] = 7;  // a column that says nothing
      rows.push_back(row);
      labels.push_back(label);
    }
  }
};

double accuracy(float strength) {
  const drawn_rows drawn{900, strength};
  linear_probe probe{6, 3};
  for (std::size_t i = 0; i < 600; ++i) probe.add(drawn.rows[i], drawn.labels[i]);
  probe.fit();
  int right = 0;
  for (std::size_t i = 600; i < 900; ++i) right += probe.class_of(drawn.rows[i]) == drawn.labels[i];
  return right / 300.0;
}

}  // namespace

TEST_CASE("a probe reads what is in the rows, and guesses what is not", "[linear_probe]") {
  CHECK(accuracy(2) == 1);
  CHECK(accuracy(0.4f) > 0.6);
  CHECK(accuracy(0) < 0.45);
}

TEST_CASE("a probe's map has the least squares", "[linear_probe]") {
  // Two points of two classes on a line: by hand, the map of class 0 is (1 - x) for x in {0, 1}.
  linear_probe probe{1, 2};
  for (int i = 0; i < 10; ++i) {
    probe.add(std::array{0.0f}, 0);
    probe.add(std::array{1.0f}, 1);
  }
  probe.fit(1e-9);
  CHECK(probe.class_of(std::array{0.49f}) == 0);
  CHECK(probe.class_of(std::array{0.51f}) == 1);
  CHECK(probe.class_of(std::array{-9.0f}) == 0);
}

TEST_CASE("control labels belong to ids, and come from the seed", "[linear_probe]") {
  const auto labels = control_labels(1000, 4, 1);
  CHECK(labels == control_labels(1000, 4, 1));
  CHECK(labels != control_labels(1000, 4, 2));
  for (std::int32_t c = 0; c < 4; ++c) {
    const auto count = std::count(labels.begin(), labels.end(), c);
    CHECK(count > 200);
    CHECK(count < 300);
  }
}
