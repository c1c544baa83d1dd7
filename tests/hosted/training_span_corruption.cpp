// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <numeric>

#include <support/catch.hpp>
#include <typeformer/hosted/data/span_corruption_instance.hpp>

namespace typeformer {
namespace {

TEST_CASE("makes instances of span corruption from seed and number, of the computed length") {
  const auto lengths = noise_spans{}.lengths_for(64);
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(lengths.tokens));
  std::iota(tokens.begin(), tokens.end(), 100);
  const auto instance = [&](std::uint64_t seed, std::uint64_t number) {
    return *span_corruption_instance::of(tokens, noise_spans{}, {32'099, 100}, 1, seed, number);
  };
  const auto first = instance(1, 0);
  CHECK(first.inputs.size() <= 64);
  CHECK(static_cast<index_type>(first.targets.size()) == lengths.targets);
  CHECK((first.inputs.back() == 1 && first.targets.back() == 1));
  CHECK(first.targets.front() == 32'099);
  CHECK(std::count(first.inputs.begin(), first.inputs.end(), 32'099) == 1);
  CHECK(first.inputs == instance(1, 0).inputs);
  CHECK(first.inputs != instance(1, 1).inputs);
  CHECK(first.inputs != instance(2, 0).inputs);
}

TEST_CASE("rejects a text with more spans than sentinels: instances of span corruption") {
  const std::vector<std::int32_t> tokens(1000, 5);
  CHECK(span_corruption_instance::of(tokens, noise_spans{}, {99, 10}, 1, 1, 0).error() ==
        span_corruption_error::problem::more_spans_than_sentinels);
  CHECK(span_corruption_instance::of({}, noise_spans{}, {99, 10}, 1, 1, 0)->inputs == std::vector<std::int32_t>{1});
}

}  // namespace
}  // namespace typeformer
