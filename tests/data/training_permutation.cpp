// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/seeded_permutation.hpp>

using typeformer::seeded_permutation;

namespace {

using order = std::vector<std::uint64_t>;

order order_of(std::uint64_t size, std::uint64_t seed, std::uint64_t epoch = 0) {
  const seeded_permutation permutation{size, seed, epoch};
  order numbers;
  for (std::uint64_t place = 0; place < size; ++place) numbers.push_back(permutation(place));
  return numbers;
}

/// By how many standard deviations a chi-square statistic exceeds its mean.
double deviations(double chi_square, double degrees_of_freedom) {
  return (chi_square - degrees_of_freedom) / std::sqrt(2 * degrees_of_freedom);
}

static_assert(seeded_permutation{1, 7}(0) == 0);

}  // namespace

TEST_CASE("has every number once in a seeded permutation", "[training]") {
  order sizes;
  for (std::uint64_t size = 0; size <= 300; ++size) sizes.push_back(size);
  for (const std::uint64_t size : order{1000, 1023, 1024, 1025, 4096, 65'535, 65'537, 100'003}) sizes.push_back(size);
  for (const std::uint64_t size : sizes) {
    order numbers = order_of(size, 20260101, size), all(size);
    std::ranges::sort(numbers);
    std::iota(all.begin(), all.end(), 0u);
    if (numbers != all) FAIL(size);
  }
  CHECK(sizes.size() == 309);
}

TEST_CASE("permutes sizes up to 2^63 without a table", "[training]") {
  for (const int bits : {40, 53, 62, 63})
    for (const std::uint64_t beyond : order{0, 1}) {
      const std::uint64_t size = (std::uint64_t{1} << bits) - beyond;
      const seeded_permutation permutation{size, 5};
      order numbers;
      for (std::uint64_t place = 0; place < 10'000; ++place) {
        numbers.push_back(permutation(place));
        numbers.push_back(permutation(size - 1 - place));
      }
      CHECK(*std::ranges::max_element(numbers) < size);
      const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / double(numbers.size()) / double(size);
      CHECK(std::abs(mean - 0.5) < 4 / std::sqrt(12.0 * double(numbers.size())));
      std::ranges::sort(numbers);
      CHECK(std::ranges::adjacent_find(numbers) == numbers.end());
    }
}

TEST_CASE("gives every seed and every epoch a different order", "[training]") {
  const order first = order_of(1000, 1, 0);
  CHECK(first == order_of(1000, 1, 0));
  const std::uint64_t high = std::uint64_t{1} << 32;
  for (const order& other : {order_of(1000, 2, 0), order_of(1000, 1, 1), order_of(1000, 1 + high, 0),
                             order_of(1000, 1, high), order_of(1000, 0, 1)}) {
    int same_places = 0;
    for (std::size_t place = 0; place < 1000; ++place) same_places += other[place] == first[place];
    CHECK(same_places < 8);  // one on average, as of two random orders
  }
}

TEST_CASE("draws every order of six numbers with the same frequency", "[training]") {
  constexpr int samples = 100'000, orders = 720;
  std::map<order, int> frequency;
  for (std::uint64_t epoch = 0; epoch < samples; ++epoch) ++frequency[order_of(6, 3, epoch)];
  REQUIRE(frequency.size() == orders);
  double chi_square = 0;
  for (const auto& [numbers, count] : frequency) {
    const double expected = double(samples) / orders;
    chi_square += (count - expected) * (count - expected) / expected;
  }
  CHECK(std::abs(deviations(chi_square, orders - 1)) < 4);
}

TEST_CASE("draws every number with the same frequency at every place, independently of its neighbors", "[training]") {
  for (const std::uint64_t size : order{2, 3, 7, 16, 24, 33}) {
    const int samples = 4000;
    std::vector<int> at_place(size * size), step(size);
    for (std::uint64_t epoch = 0; epoch < samples; ++epoch) {
      const order numbers = order_of(size, 9, epoch);
      for (std::size_t place = 0; place < size; ++place) ++at_place[place * size + numbers[place]];
      ++step[(numbers[1] + size - numbers[0]) % size];
    }
    double chi_square = 0, chi_square_of_steps = 0;
    const double expected = double(samples) / double(size), expected_step = double(samples) / double(size - 1);
    for (const int count : at_place) chi_square += (count - expected) * (count - expected) / expected;
    for (std::size_t s = 1; s < size; ++s)
      chi_square_of_steps += (step[s] - expected_step) * (step[s] - expected_step) / expected_step;
    INFO(size);
    const double free = double(size - 1);
    CHECK(deviations(chi_square * free / double(size), free * free) < 4);  // rows and columns have fixed sums
    CHECK(step[0] == 0);
    if (size > 2) CHECK(deviations(chi_square_of_steps, double(size - 2)) < 4);
  }
}
