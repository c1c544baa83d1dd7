// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <support/catch.hpp>

#include <laws/real_inputs.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using typeformer::laws::random_values;

namespace {

struct stream : laws::small_stream<laws::three_channels, classifier<3>> {};
struct class_stream : laws::small_stream<laws::three_channels_and_class, classifier<3>> {};
struct sensor : laws::small_sensor<laws::three_channels_and_class, first_token, classifier<2>> {};
struct plain_sensor : laws::small_sensor<laws::three_channels, mean_pooling, classifier<2>> {};
struct vision : laws::small_vision<first_token, classifier<3>> {};

template <class M> const weights<M>& random_weights() {
  static const parameters<M> values = [] {
    parameters<M> p;
    const std::vector<float> random = random_values<float>(p.size());
    std::copy(random.begin(), random.end(), p.data());
    return p;
  }();
  static const weights<M> packed{values};
  return packed;
}
template <class Output> std::vector<float> row_of(const Output& y, index_type row, index_type width) {
  return {y[row], y[row] + width};
}
void check_near(std::span<const float> found, std::span<const float> expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(2e-6));
}
const std::vector<float> some_rows = random_values<float>(6 * 3, 21), other_rows = random_values<float>(4 * 3, 22);

/// The outputs row by row, or in pieces, are those at once. With a class token the rows of the output are one later.
template <class M> void check_decoding() {
  constexpr index_type first = has_class_token<M> ? 1 : 0;
  forward_pass<M> whole{random_weights<M>()};
  const auto y = whole.run(std::span<const float>{some_rows});
  REQUIRE(y);
  session<M, tokens<2>> run{random_weights<M>()};
  const auto prompt = run.prefill(std::span{some_rows}.first(5 * 3));
  REQUIRE(prompt);
  CHECK(run.length() == 5 + first);
  check_near(*prompt, row_of(*y, 4 + first, 3));
  const auto next = run.decode(std::span{some_rows}.subspan(5 * 3));
  REQUIRE(next);
  check_near(*next, row_of(*y, 5 + first, 3));
  REQUIRE(run.truncate(0, 3));
  const auto again = run.prefill(std::span{some_rows}.subspan(std::size_t(3 - first) * 3, 3));
  REQUIRE(again);
  check_near(*again, row_of(*y, 3, 3));
}

}  // namespace

TEST_CASE("computes the same row by row, in pieces and at once: a decoder of features") {
  check_decoding<stream>();
  check_decoding<class_stream>();
}

TEST_CASE("computes sequences of features in a batch as if they were alone") {
  session<class_stream, batch<3>, tokens<3>> run{random_weights<class_stream>()};
  std::vector<float> both{some_rows.begin(), some_rows.begin() + 5 * 3};
  both.insert(both.end(), other_rows.begin(), other_rows.end());
  const std::array<index_type, 3> lengths{5, 0, 4};
  REQUIRE(run.prefill(ragged_features{both, lengths}));
  forward_pass<class_stream> alone{random_weights<class_stream>()};
  const auto first = alone.run(std::span<const float>{some_rows}.first(5 * 3));
  check_near(*run.logits(0), row_of(*first, 5, 3));
  const auto second = alone.run(std::span<const float>{other_rows});
  check_near(*run.logits(2), row_of(*second, 4, 3));
  CHECK(run.logits(1).error().what == inference_error::problem::no_logits);
  const std::array<index_type, 3> next{1, 0, 0};
  REQUIRE(run.prefill(ragged_features{std::span{some_rows}.subspan(5 * 3), next}));
  const auto whole = alone.run(std::span<const float>{some_rows});
  check_near(*run.logits(0), row_of(*whole, 6, 3));
  CHECK(*run.length(2) == 5);
}

TEST_CASE("rejects lengths of features whose sums would overflow") {
  constexpr index_type huge = (std::numeric_limits<index_type>::max)();
  session<class_stream, batch<3>, tokens<3>> decoder{random_weights<class_stream>()};
  forward_pass<sensor, batch<3>> encoder{random_weights<sensor>()};
  const std::span<const float> some{some_rows};
  REQUIRE(decoder.prefill(ragged_features{some.first(3), std::array<index_type, 3>{1, 0, 0}}));
  for (const std::array<index_type, 3>& lengths :
       {std::array{huge, index_type{3}, index_type{0}}, std::array{huge, huge, index_type{2}},
        std::array{huge / 3 + 1, huge / 3 + 1, huge / 3 + 1}, std::array{huge / 3 + 2, index_type{1}, index_type{1}}}) {
    CHECK_FALSE(decoder.prefill(ragged_features{some.first(6), lengths}));
    CHECK_FALSE(encoder.run(ragged_features{some.first(6), lengths}));
  }
  CHECK(*decoder.length(0) == 2);
  const std::array<std::uint8_t, 3> valid{1, 1, 1};
  for (const index_type length : {huge, huge - 1, huge / 2 + 1})
    for (const std::size_t count : {std::size_t{0}, std::size_t{3}})
      CHECK_FALSE(encoder.run(padded_features{some.first(3 * count), std::span{valid}.first(count), length}));
}
TEST_CASE("takes ragged and padded batches: an encoder of features") {
  forward_pass<sensor, batch<2>> run{random_weights<sensor>()};
  forward_pass<sensor> alone{random_weights<sensor>()};
  const auto row = [&](std::span<const float> values) { return row_of(*alone.run(values), 0, 2); };
  const std::vector<float> first = row(std::span{some_rows}.first(3 * 3)),
                           second = row(std::span{other_rows}.first(2 * 3));

  std::vector<float> both{some_rows.begin(), some_rows.begin() + 3 * 3};
  both.insert(both.end(), other_rows.begin(), other_rows.begin() + 2 * 3);
  const std::array<index_type, 2> lengths{3, 2};
  const auto ragged = run.run(ragged_features{both, lengths});
  REQUIRE(ragged);
  check_near(row_of(*ragged, 0, 2), first);
  check_near(row_of(*ragged, 1, 2), second);

  for (const bool to_the_left : {false, true}) {
    std::vector<float> rectangle(2 * 4 * 3, 7.0f);
    std::array<std::uint8_t, 8> valid{};
    const auto place = [&](std::size_t s, std::span<const float> values) {
      const std::size_t count = values.size() / 3, begin = s * 4 + (to_the_left ? 4 - count : 0);
      std::copy(values.begin(), values.end(), rectangle.begin() + std::ptrdiff_t(begin * 3));
      for (std::size_t i = 0; i < count; ++i) valid[begin + i] = 1;
    };
    place(0, std::span{some_rows}.first(3 * 3));
    place(1, std::span{other_rows}.first(2 * 3));
    const auto padded = run.run(padded_features{rectangle, valid, 4});
    REQUIRE(padded);
    check_near(row_of(*padded, 0, 2), first);
    check_near(row_of(*padded, 1, 2), second);
  }
}
TEST_CASE("takes padded features without a class token") {
  forward_pass<plain_sensor> run{random_weights<plain_sensor>()};
  const std::vector<float> expected = row_of(*run.run(std::span<const float>{some_rows}.first(2 * 3)), 0, 2);
  std::vector<float> rectangle(3 * 3, -4.0f);
  std::copy_n(some_rows.begin(), 2 * 3, rectangle.begin() + 3);
  const std::array<std::uint8_t, 3> valid{0, 1, 1};
  const auto padded = run.run(padded_features{rectangle, valid, 3});
  REQUIRE(padded);
  check_near(row_of(*padded, 0, 2), expected);
}

TEST_CASE("computes images of a batch as if they were alone") {
  const std::vector<float> images = random_values<float>(2 * 32, 23);
  forward_pass<vision, batch<2>> run{random_weights<vision>()};
  forward_pass<vision> alone{random_weights<vision>()};
  const auto both = run.run(std::span<const float>{images});
  REQUIRE(both);
  const auto first = alone.run(std::span<const float>{images}.first(32));
  check_near(row_of(*both, 0, 3), row_of(*first, 0, 3));
  const auto second = alone.run(std::span<const float>{images}.subspan(32));
  check_near(row_of(*both, 1, 3), row_of(*second, 0, 3));
}

TEST_CASE("shows the hidden states of an image to an observer") {
  const std::vector<float> picture = random_values<float>(32, 23);
  forward_pass<vision, observing> run{random_weights<vision>()};
  index_type seen = 0;
  REQUIRE(run.run(std::span<const float>{picture},
                  [&](observation, loop_place, auto values, index_type) { seen += values.rows; }));
  CHECK(seen > 0);
}

TEST_CASE("rejects real values that do not fit") {
  using problem = inference_error::problem;
  const auto problem_of = [](const auto& outcome) { return outcome.error().what; };
  const std::span<const float> values{some_rows};
  SECTION("by a forward pass of features") {
    forward_pass<sensor, batch<2>> run{random_weights<sensor>()};
    CHECK(problem_of(run.run(values.first(4))) == problem::values_do_not_fill_rows);
    CHECK(problem_of(run.run(values.first(0))) == problem::no_tokens);
    CHECK(problem_of(run.run(values)) == problem::too_many_tokens);  // six rows and a class token
    const std::array<index_type, 3> lengths{1, 1, 1};
    CHECK(problem_of(run.run(ragged_features{values.first(9), lengths})) == problem::too_many_sequences);
    CHECK(problem_of(run.run(ragged_features{values.first(9), std::span{lengths}.first(2)})) ==
          problem::values_do_not_fill_rows);
    const std::array<std::uint8_t, 4> valid{1, 1, 1, 1};
    CHECK(problem_of(run.run(padded_features{values.first(12), valid, 3})) == problem::unequal_rows);
    CHECK(problem_of(run.run(padded_features{values.first(9), valid, 2})) == problem::values_do_not_fill_rows);
  }
  SECTION("by a forward pass of images") {
    forward_pass<vision> run{random_weights<vision>()};
    const std::vector<float> images(64);
    CHECK(problem_of(run.run(std::span<const float>{images})) == problem::too_many_sequences);
    CHECK(problem_of(run.run(std::span<const float>{images}.first(31))) == problem::values_do_not_fill_rows);
    CHECK(problem_of(run.run(std::span<const float>{images}.first(0))) == problem::no_tokens);
  }
  SECTION("by a session, which remembers nothing of them") {
    session<class_stream> run{random_weights<class_stream>()};
    CHECK(problem_of(run.prefill(values.first(4))) == problem::values_do_not_fill_rows);
    CHECK(problem_of(run.prefill(values.first(0))) == problem::no_tokens);
    CHECK(problem_of(run.decode(values.first(6))) == problem::values_do_not_fill_rows);
    const std::vector<float> long_one(8 * 3);
    CHECK(problem_of(run.prefill(std::span<const float>{long_one})) ==
          problem::context_is_full);  // with the class token
    const index_type negative = -1;
    CHECK(problem_of(run.prefill(ragged_features{{}, {&negative, 1}})) == problem::negative_length);
    CHECK(run.length() == 0);
  }
}
