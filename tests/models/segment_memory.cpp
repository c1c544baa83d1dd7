// SPDX-License-Identifier: BSL-1.0
// A Gopher with a memory of earlier segments: training, scoring and decoding agree.
#include <cmath>
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/models/gopher.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

constexpr typeformer::index_type segment = 4, memory_size = 6;
constexpr gopher_config small{.layers = 2,
                              .width = 8,
                              .heads = 2,
                              .head_width = 3,
                              .hidden = 12,
                              .vocabulary = 11,
                              .context = 24,
                              .memory = memory_size};
constexpr gopher_config caching(typeformer::index_type tokens) {
  gopher_config c = small;
  c.memory = tokens;
  return c;
}
constexpr gopher_config recomputing(gopher_config c) { return c.recomputes_blocks = true, c; }

struct small_gopher : gopher<small> {};
struct recomputing_gopher : gopher<recomputing(small)> {};
struct gopher_that_caches_all : gopher<caching(40)> {};
struct gopher_without_memory : gopher<caching(0)> {};

std::vector<std::int32_t> text_of(typeformer::index_type tokens) {
  pseudo_random random{29};
  std::vector<std::int32_t> ids;
  for (typeformer::index_type i = 0; i < tokens; ++i) ids.push_back(random.below(small.vocabulary));
  return ids;
}

/// Two sequences, each a segment of a text: tokens [first, last) and the next tokens as labels.
class segment_batch {
 public:
  segment_batch(std::span<const std::int32_t> a, std::span<const std::int32_t> b, std::size_t first, std::size_t last)
      : past_{typeformer::index_type(first), typeformer::index_type(first)} {
    for (const auto text : {a, b}) rows_.add(text.subspan(first, last - first), text.subspan(first + 1, last - first));
  }
  token_batch view() const {
    token_batch batch = rows_.batch();
    batch.past = past_.data();
    return batch;
  }

 private:
  token_batch_builder rows_;
  std::vector<typeformer::index_type> past_;
};

template <class Score> double in_segments(std::size_t tokens, std::size_t size, Score&& score) {
  const auto a = text_of(40), b = text_of(41);
  double sum = 0;
  for (std::size_t first = 0; first < tokens; first += size)
    sum += score(segment_batch{a, b, first, std::min(tokens, first + size)}.view());
  return sum;
}

double loss_of(std::span<const float> logits, std::int32_t label) {
  double largest = -INFINITY, sum = 0;
  for (const float x : logits) largest = std::max(largest, double(x));
  for (const float x : logits) sum += std::exp(double(x) - largest);
  return largest + std::log(sum) - double(logits[std::size_t(label)]);
}

}  // namespace

TEST_CASE("obeys the laws: a Gopher with a memory of earlier segments") {
  check_verdict(examine_model<small_gopher>());
}
TEST_CASE("recalls the same segments when it recomputes its blocks: a Gopher") {
  check_verdict(examine_model<recomputing_gopher>());
  const auto values = testing::random_parameters<small_gopher>(5);
  training_pass<small_gopher, causal_language_model, batch<2>, tokens<segment>> keeping;
  training_pass<recomputing_gopher, causal_language_model, batch<2>, tokens<segment>> recomputing;
  std::vector<float> of_keeping(std::size_t(values.size())), of_recomputing = of_keeping;
  in_segments(20, segment, [&](const token_batch& batch) {
    const float loss = *keeping.run(values.data(), of_keeping.data(), batch);
    CHECK(*recomputing.run(values.data(), of_recomputing.data(), batch) == loss);
    CHECK(std::equal(keeping.memory().begin(), keeping.memory().end(), recomputing.memory().begin()));
    return loss;
  });
  CHECK(of_keeping == of_recomputing);
}

TEST_CASE("evaluates segments with a memory that holds all like the whole text at once") {
  const auto values = testing::random_parameters<gopher_that_caches_all>(5);
  loss_pass<gopher_that_caches_all, causal_language_model, scalar<double>, batch<2>, tokens<segment>> by_segment;
  loss_pass<gopher_without_memory, causal_language_model, scalar<double>, batch<2>, tokens<22>> at_once;
  const std::vector<double> exact(values.data(), values.data() + values.size());
  const double whole =
      in_segments(22, 22, [&](const token_batch& batch) { return at_once.run(exact.data(), batch)->parts[0].loss; });
  const double parts = in_segments(
      22, segment, [&](const token_batch& batch) { return by_segment.run(exact.data(), batch)->parts[0].loss; });
  CHECK(parts == Approx(whole).epsilon(1e-12));
  // Without `past` every segment is a new text, whatever the memory holds.
  const double alone = in_segments(22, segment, [&](token_batch batch) {
    batch.past = nullptr;
    return by_segment.run(exact.data(), batch)->parts[0].loss;
  });
  CHECK(std::abs(alone - whole) > 1e-3);
}

TEST_CASE("caches the same in training and scoring") {
  const auto values = testing::random_parameters<small_gopher>(5);
  training_pass<small_gopher, causal_language_model, batch<2>, tokens<segment>> learning;
  loss_pass<small_gopher, causal_language_model, batch<2>, tokens<segment>> scoring;
  std::vector<float> gradients(std::size_t(values.size()));
  in_segments(20, segment, [&](const token_batch& batch) {
    const double loss = double(*learning.run(values.data(), gradients.data(), batch));
    CHECK(scoring.run(values.data(), batch)->parts[0].loss == Approx(loss).epsilon(1e-6));
    CHECK(std::equal(learning.memory().begin(), learning.memory().end(), scoring.memory().begin()));
    return loss;
  });
}

TEST_CASE("never runs full, and agrees with the score of each segment: a session of a model with a memory") {
  const auto values = testing::random_parameters<small_gopher>(5);
  weights<small_gopher> packed;
  packed.pack(values.data());
  loss_pass<small_gopher, causal_language_model, batch<2>, tokens<segment>> scoring;
  session<small_gopher, batch<2>, tokens<segment>, all_logits> decoding{packed};
  static_assert(decltype(decoding)::reserved.context == 2 * memory_size + segment);
  session<small_gopher, batch<2>, tokens<segment>, context<memory_size + segment>, all_logits> tight{packed};
  const auto a = text_of(40), b = text_of(41);
  for (std::size_t first = 0; first < 36; first += std::size_t(segment)) {
    const segment_batch both{a, b, first, first + std::size_t(segment)};
    const double expected = scoring.run(values.data(), both.view())->parts[0].loss;
    const auto check = [&](auto& session) {
      const std::span<const std::int32_t> prompts[] = {std::span(a).subspan(first, std::size_t(segment)),
                                                       std::span(b).subspan(first, std::size_t(segment))};
      REQUIRE(session.prefill(std::span<const std::span<const std::int32_t>>{prompts}));
      double found = 0;
      for (typeformer::index_type s = 0; s < 2; ++s)
        for (typeformer::index_type i = 0; i < segment; ++i)
          found += loss_of(*session.logits(s, i), (s == 0 ? a : b)[first + std::size_t(i) + 1]);
      CHECK(found == Approx(expected).epsilon(1e-5));
      CHECK(*session.length(0) ==
            std::min<typeformer::index_type>(memory_size, typeformer::index_type(first) + segment));
      const typeformer::index_type exchange[] = {1, 0};
      REQUIRE(session.reorder(exchange));
      REQUIRE(session.reorder(exchange));
    };
    check(decoding);
    check(tight);
  }
}

TEST_CASE("slides the sequences of a session independently") {
  const auto values = testing::random_parameters<small_gopher>(5);
  weights<small_gopher> packed;
  packed.pack(values.data());
  session<small_gopher, batch<2>, tokens<segment>> both{packed};
  session<small_gopher, tokens<segment>> first{packed}, second{packed};
  const auto a = text_of(40), b = text_of(41);
  typeformer::index_type place_of_first = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const bool second_goes_on = i % 3 != 0;
    std::int32_t ids[] = {a[i], second_goes_on ? b[i] : -1};
    if (place_of_first == 1) std::swap(ids[0], ids[1]);
    REQUIRE(both.decode(std::span<const std::int32_t>{ids}));
    const auto expect = [&](auto& alone, std::int32_t id, typeformer::index_type place) {
      const auto logits = alone.decode(id);
      REQUIRE(logits);
      for (std::size_t k = 0; k < logits->size(); ++k)
        CHECK((*both.logits(place))[k] == Approx((*logits)[k]).epsilon(1e-4).margin(1e-5));
    };
    expect(first, a[i], place_of_first);
    if (second_goes_on) expect(second, b[i], 1 - place_of_first);
    if (i % 7 == 6) {
      const typeformer::index_type exchange[] = {1, 0};
      REQUIRE(both.reorder(exchange));
      place_of_first = 1 - place_of_first;
    }
  }
}
