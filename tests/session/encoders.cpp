// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <memory>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/sentence_embedding.hpp>
#include <typeformer/models/albert.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/roberta.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

// An encoder sees a text at once: ragged, padded or alone it gives the same, for tokens and for sequences.
namespace typeformer {
namespace {

using testing::random_ids, testing::random_parameters;
using ids = std::vector<std::int32_t>;
using flags = std::vector<std::uint8_t>;
using problem = inference_error::problem;

inline constexpr bert_config bert_numbers{.layers = 2, .width = 32, .heads = 4, .vocabulary = 50, .context = 40};
constexpr bert_config without_pairs(bert_config c) { return c.classifies_pairs = false, c; }

struct bert_like : bert<bert_numbers> {};
struct masked_bert : bert<without_pairs(bert_numbers)> {};
struct roberta_like
    : roberta<roberta_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 50, .context = 40, .padding_id = 1}> {
};
struct albert_like
    : albert<albert_config{
          .layers = 4, .width = 32, .heads = 4, .embedding_width = 16, .groups = 2, .vocabulary = 50, .context = 40}> {
};
struct classifier_of_texts : bert_body<bert_numbers, gelu_erf, first_token_pooler<>, classifier<3>> {};
struct embedder_of_texts : bert_body<bert_numbers, gelu_erf, sentence_embedding<>> {};
struct embedder_by_first_tokens : bert_body<bert_numbers, gelu_erf, sentence_embedding<first_token>> {};

constexpr double tolerance = 1e-5;

double distance(const float* a, const float* b, index_type count) {
  double worst = 0;
  for (index_type i = 0; i < count; ++i) {
    const double difference = std::abs(double(a[i]) - double(b[i]));
    worst = std::isfinite(difference) ? std::max(worst, difference) : INFINITY;
  }
  return worst;
}

template <class M> constexpr bool has_both = requires(typename M::output r) { r.sequences; };
template <class M> constexpr bool has_tokens = has_both<M> || requires { requires M::output::rows_are == axis::token; };
template <class M>
constexpr bool has_sequences = has_both<M> || requires { requires M::output::rows_are == axis::sequence; };

template <class Tokens, class Sequences>
constexpr Sequences shape_of_sequences(tokens_and_sequences<Tokens, Sequences>) {
  return {};
}
template <class Sequences> constexpr Sequences shape_of_sequences(Sequences) { return {}; }

rows_view<const float> tokens_of(const tokens_and_sequences<rows_view<const float>, rows_view<const float>>& y) {
  return y.tokens;
}
rows_view<const float> tokens_of(rows_view<const float> y) { return y; }
rows_view<const float> sequences_of(const tokens_and_sequences<rows_view<const float>, rows_view<const float>>& y) {
  return y.sequences;
}
rows_view<const float> sequences_of(rows_view<const float> y) { return y; }

/// The output of a model, copied: [rows][vocabulary] and [sequences][classes].
struct delivery_of_a_call {
  std::vector<float> tokens, sequences;
  bool operator==(const delivery_of_a_call&) const = default;
};
template <class M, class Output> delivery_of_a_call copied(const Output& y, index_type rows, index_type sequences) {
  delivery_of_a_call all;
  if constexpr (has_tokens<M>) {
    const auto view = tokens_of(y);
    REQUIRE(view.stride == M::vocabulary);
    all.tokens.assign(view.data, view.data + rows * view.stride);
  }
  if constexpr (has_sequences<M>) {
    const auto view = sequences_of(y);
    REQUIRE(view.stride == decltype(shape_of_sequences(typename M::output{}))::width);
    all.sequences.assign(view.data, view.data + sequences * view.stride);
  }
  return all;
}

struct text {
  ids tokens, segments;
  segmented_tokens view() const { return {tokens, segments}; }
};
template <class M> text random_text(std::mt19937& generator, index_type length) {
  text t{random_ids(generator, length, M::vocabulary), {}};
  for (index_type i = 0; i < length; ++i) t.segments.push_back(M::segments > 1 && 2 * i > length ? 1 : 0);
  return t;
}

template <class M> delivery_of_a_call alone(const weights<M>& values, const text& t) {
  forward_pass<M> forward{values};
  const auto y = forward.run(t.view());
  REQUIRE(y);
  return copied<M>(*y, index_type(t.tokens.size()), 1);
}

/// Texts in a rectangle, each valid where `valid` says so. Padding is any token.
struct rectangle {
  index_type length;
  ids tokens, segments;
  flags valid;

  rectangle(std::mt19937& generator, index_type rectangle_length, index_type vocabulary)
      : length{rectangle_length}, tokens{}, segments{}, valid{}, generator_{generator}, vocabulary_{vocabulary} {}
  /// Puts a text where `is_valid(i)` is true, which is as often as it has tokens.
  template <class Valid> void add(const text& t, Valid is_valid) {
    std::size_t used = 0;
    for (index_type i = 0; i < length; ++i) {
      const bool here = is_valid(i);
      valid.push_back(here);
      tokens.push_back(here ? t.tokens[used] : random_ids(generator_, 1, vocabulary_)[0]);
      segments.push_back(here ? t.segments[used] : 0);
      used += here;
    }
    REQUIRE(used == t.tokens.size());
  }
  void change_padding() {
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (!valid[i]) tokens[i] = std::int32_t((tokens[i] + 1) % vocabulary_);
  }
  index_type sequences() const { return index_type(tokens.size()) / length; }
  padded_tokens view() const { return {.ids = tokens, .valid = valid, .length = length, .segments = segments}; }

 private:
  std::mt19937& generator_;
  index_type vocabulary_;
};

template <class M>
void check_same_text(const rectangle& given, index_type sequence, const delivery_of_a_call& all,
                     const delivery_of_a_call& expected) {
  index_type row = 0;
  for (index_type i = sequence * given.length; i < (sequence + 1) * given.length; ++i)
    if (given.valid[std::size_t(i)])
      CHECK(distance(all.tokens.data() + i * M::vocabulary, expected.tokens.data() + row++ * M::vocabulary,
                     M::vocabulary) < tolerance);
}
void check_same_sequence(const delivery_of_a_call& all, index_type sequence, const delivery_of_a_call& expected) {
  const index_type classes = index_type(expected.sequences.size());
  CHECK(distance(all.sequences.data() + sequence * classes, expected.sequences.data(), classes) < tolerance);
}

template <class M> void check_ragged_and_padded_at_the_right() {
  std::mt19937 generator{7};
  const weights<M> values{random_parameters<M>(3)};
  forward_pass<M, batch<4>> forward{values};
  for (const index_type length : {2, 9, 33, 40}) {
    INFO("length " << length);
    std::vector<text> texts;
    std::vector<segmented_tokens> views;
    for (const index_type shorter : {index_type{0}, length / 2, length - 1, length / 3})
      texts.push_back(random_text<M>(generator, length - shorter));
    rectangle padded{generator, length, M::vocabulary};
    index_type rows = 0;
    for (const text& t : texts) {
      views.push_back(t.view());
      rows += index_type(t.tokens.size());
      padded.add(t, [&](index_type i) { return i < index_type(t.tokens.size()); });
    }
    const auto ragged = forward.run(std::span<const segmented_tokens>{views});
    REQUIRE(ragged);
    const auto from_ragged = copied<M>(*ragged, rows, 4);
    const auto rectangular = forward.run(padded.view());
    REQUIRE(rectangular);
    const auto from_padded = copied<M>(*rectangular, 4 * length, 4);
    index_type first = 0;
    for (index_type s = 0; s < 4; ++s) {
      INFO("sequence " << s);
      const auto expected = alone(values, texts[std::size_t(s)]);
      const index_type count = index_type(texts[std::size_t(s)].tokens.size());
      if constexpr (has_tokens<M>) {
        CHECK(distance(from_ragged.tokens.data() + first * M::vocabulary, expected.tokens.data(),
                       count * M::vocabulary) < tolerance);
        check_same_text<M>(padded, s, from_padded, expected);
      }
      if constexpr (has_sequences<M>) {
        check_same_sequence(from_ragged, s, expected);
        check_same_sequence(from_padded, s, expected);
      }
      first += count;
    }
  }
}
TEST_CASE("computes the same for a text ragged, padded at the right and alone: bert") {
  check_ragged_and_padded_at_the_right<bert_like>();
}
TEST_CASE("computes the same for a text ragged, padded at the right and alone: roberta") {
  check_ragged_and_padded_at_the_right<roberta_like>();
}
TEST_CASE("computes the same for a text ragged, padded at the right and alone: albert") {
  check_ragged_and_padded_at_the_right<albert_like>();
}
TEST_CASE("computes the same for a text ragged, padded at the right and alone: classifier of sequences") {
  check_ragged_and_padded_at_the_right<classifier_of_texts>();
}
TEST_CASE("computes the same for a text ragged, padded at the right and alone: embeddings of sequences") {
  check_ragged_and_padded_at_the_right<embedder_of_texts>();
  check_ragged_and_padded_at_the_right<embedder_by_first_tokens>();
}

/// Left padding and holes with positions counted, then given: first those of a text alone, then far apart.
template <class M> void check_padding_anywhere() {
  std::mt19937 generator{11};
  const weights<M> values{random_parameters<M>(5)};
  forward_pass<M, batch<2>> forward{values};
  constexpr index_type length = 18;
  const text a = random_text<M>(generator, 11), b = random_text<M>(generator, 12);
  rectangle given{generator, length, M::vocabulary};
  given.add(a, [](index_type i) { return i >= 7; });
  given.add(b, [](index_type i) { return i % 3 != 1; });
  const auto tokens_with = [&](const ids& positions) {
    padded_tokens padded = given.view();
    padded.positions = positions;
    const auto y = forward.run(padded);
    REQUIRE(y);
    return copied<M>(*y, 2 * length, 2);
  };

  const auto counted = tokens_with({});
  check_same_text<M>(given, 0, counted, alone(values, a));
  check_same_text<M>(given, 1, counted, alone(values, b));
  ids positions;
  for (index_type s = 0; s < 2; ++s)
    for (std::int32_t i = 0, position = 0; i < length; ++i) {
      const bool valid = given.valid[std::size_t(s * length + i)];
      positions.push_back(valid ? position++ : M::lowest_position);
    }
  const auto explicitly = tokens_with(positions);
  check_same_text<M>(given, 0, explicitly, alone(values, a));
  check_same_text<M>(given, 1, explicitly, alone(values, b));

  // Far apart: compared with the same texts without padding, at the same positions.
  ids far;
  for (std::size_t i = 0; i < positions.size(); ++i)
    far.push_back(given.valid[i] ? 3 * positions[i] + 2 : M::lowest_position);
  const auto apart = tokens_with(far);
  for (index_type s = 0; s < 2; ++s) {
    const text& t = s ? b : a;
    ids own;
    for (std::int32_t i = 0; i < std::int32_t(t.tokens.size()); ++i) own.push_back(3 * i + 2);
    const flags all_valid(t.tokens.size(), 1);
    const auto unpadded = forward.run(padded_tokens{.ids = t.tokens,
                                                    .valid = all_valid,
                                                    .length = index_type(t.tokens.size()),
                                                    .segments = t.segments,
                                                    .positions = own});
    REQUIRE(unpadded);
    const auto expected = copied<M>(*unpadded, index_type(t.tokens.size()), 1);
    CHECK(distance(expected.tokens.data(), alone(values, t).tokens.data(), index_type(expected.tokens.size())) > 1e-2);
    check_same_text<M>(given, s, apart, expected);
  }

  given.change_padding();
  const auto again = tokens_with(positions);
  for (std::size_t i = 0; i < given.tokens.size(); ++i)
    if (given.valid[i])
      CHECK(distance(again.tokens.data() + index_type(i) * M::vocabulary,
                     explicitly.tokens.data() + index_type(i) * M::vocabulary, M::vocabulary) == 0);
}
TEST_CASE("hides only padding, at the left and in holes: bert") { check_padding_anywhere<bert_like>(); }
TEST_CASE("hides only padding, at the left and in holes: roberta, whose padding has a position") {
  check_padding_anywhere<roberta_like>();
}
TEST_CASE("hides only padding, at the left and in holes: albert") { check_padding_anywhere<albert_like>(); }

TEST_CASE("returns embeddings of length 1 that do not depend on left padding and holes; a product is a cosine") {
  std::mt19937 generator{19};
  const weights<embedder_of_texts> values{random_parameters<embedder_of_texts>(8)};
  forward_pass<embedder_of_texts, batch<2>> forward{values};
  static_assert(std::is_same_v<embedder_of_texts::output, sequence_rows<bert_numbers.width>>);
  const text a = random_text<embedder_of_texts>(generator, 11), b = random_text<embedder_of_texts>(generator, 12);
  rectangle given{generator, 18, embedder_of_texts::vocabulary};
  given.add(a, [](index_type i) { return i >= 7; });
  given.add(b, [](index_type i) { return i % 3 != 1; });
  const auto y = forward.run(given.view());
  REQUIRE(y);
  const auto both = copied<embedder_of_texts>(*y, 36, 2);
  const auto alone_a = alone(values, a), alone_b = alone(values, b);
  check_same_sequence(both, 0, alone_a);
  check_same_sequence(both, 1, alone_b);
  const auto product = [](const delivery_of_a_call& p, const delivery_of_a_call& q) {
    double sum = 0;
    for (std::size_t i = 0; i < p.sequences.size(); ++i) sum += double(p.sequences[i]) * double(q.sequences[i]);
    return sum;
  };
  CHECK(product(alone_a, alone_a) == Approx(1).epsilon(1e-6));
  CHECK(product(alone_b, alone_b) == Approx(1).epsilon(1e-6));
  CHECK(std::abs(product(alone_a, alone_b)) < 0.999);
}

TEST_CASE("distinguishes segments, and uses the first if none are given") {
  std::mt19937 generator{13};
  const weights<bert_like> values{random_parameters<bert_like>(6)};
  text t = random_text<bert_like>(generator, 9);
  const auto two = alone(values, t);
  t.segments.assign(9, 0);
  const auto one = alone(values, t);
  t.segments.clear();
  CHECK(alone(values, t) == one);
  CHECK(distance(one.tokens.data(), two.tokens.data(), index_type(one.tokens.size())) > 1e-2);
  CHECK(distance(one.sequences.data(), two.sequences.data(), 2) > 1e-3);
}

template <class R>
void check_rejected(const R& rejected, problem what, index_type sequence, std::int64_t got, std::int64_t limit) {
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == what);
  CHECK(rejected.error().sequence == sequence);
  CHECK(rejected.error().got == got);
  CHECK(rejected.error().limit == limit);
  CHECK(std::string_view{rejected.error().message()}.size() > 10);
}

TEST_CASE("rejects what does not fit, and keeps the last output") {
  std::mt19937 generator{17};
  const weights<bert_like> values{random_parameters<bert_like>(21)};
  forward_pass<bert_like, batch<2>, tokens<6>> forward{values};
  const text good = random_text<bert_like>(generator, 6);
  const auto delivered = forward.run(good.view());
  REQUIRE(delivered);
  const auto before = copied<bert_like>(*delivered, 6, 1);

  using list = std::vector<segmented_tokens>;
  const auto ragged = [&](const list& texts) { return forward.run(std::span<const segmented_tokens>{texts}); };
  const ids three{1, 2, 3}, beyond{3, 50, 1}, negative{-1, 1, 1}, seven(7, 1);
  const ids third_segment{0, 1, 2}, segment_below{0, -1, 0}, two_segments{0, 1}, fine{0, 0, 1};
  check_rejected(ragged({{three, fine}, {three, third_segment}}), problem::segment_outside_table, 1, 2, 2);
  check_rejected(ragged({{three, segment_below}}), problem::segment_outside_table, 0, -1, 2);
  check_rejected(ragged({{three}, {three, two_segments}}), problem::wrong_size, 1, 2, 3);
  check_rejected(ragged({{three}, {beyond}}), problem::id_outside_vocabulary, 1, 50, 50);
  check_rejected(ragged({{negative}}), problem::id_outside_vocabulary, 0, -1, 50);
  check_rejected(ragged({{seven}}), problem::too_many_tokens, 0, 7, 6);
  check_rejected(ragged({{three}, {three}, {three}}), problem::too_many_sequences, 0, 3, 2);
  check_rejected(ragged({{three}, {}}), problem::no_tokens, 1, 0, 1);
  check_rejected(ragged({}), problem::no_tokens, 0, 0, 1);

  const ids six{1, 2, 3, 4, 5, 6}, five_more(5, 0), segments{0, 0, 0, 0, 0, 2};
  const flags valid(6, 1), five_flags(5, 1);
  const ids at_the_end{0, 1, 2, 0, 1, 40}, below{0, 1, 2, -1, 1, 2};
  const auto padded = [&](padded_tokens given) { return forward.run(given); };
  check_rejected(padded({.ids = six, .valid = five_flags, .length = 3}), problem::wrong_size, 0, 5, 6);
  check_rejected(padded({.ids = six, .valid = valid, .length = 3, .segments = five_more}), problem::wrong_size, 0, 5,
                 6);
  check_rejected(padded({.ids = six, .valid = valid, .length = 3, .positions = five_more}), problem::wrong_size, 0, 5,
                 6);
  check_rejected(padded({.ids = six, .valid = valid, .length = 3, .segments = segments}),
                 problem::segment_outside_table, 1, 2, 2);
  check_rejected(padded({.ids = six, .valid = valid, .length = 3, .positions = at_the_end}),
                 problem::position_outside_context, 1, 40, 40);
  check_rejected(padded({.ids = six, .valid = valid, .length = 3, .positions = below}),
                 problem::position_outside_context, 1, -1, 40);
  check_rejected(padded({.ids = six, .valid = valid, .length = 2}), problem::too_many_sequences, 0, 3, 2);

  CHECK(copied<bert_like>(*delivered, 6, 1) == before);
  const auto again = forward.run(good.view());
  REQUIRE(again);
  CHECK(copied<bert_like>(*again, 6, 1) == before);
}

TEST_CASE("accepts one segment if a model has one; RoBERTa's padding is right below position 0") {
  const weights<roberta_like> values{random_parameters<roberta_like>(2)};
  forward_pass<roberta_like> forward{values};
  const ids three{4, 5, 6}, zeros{0, 0, 0}, second{0, 0, 1};
  CHECK(forward.run(segmented_tokens{three, zeros}));
  check_rejected(forward.run(segmented_tokens{three, second}), problem::segment_outside_table, 0, 1, 1);
  const flags valid{1, 1, 0};
  const auto at = [&](std::int32_t last) {
    const ids positions{0, 1, last};
    return forward.run(padded_tokens{.ids = three, .valid = valid, .length = 3, .positions = positions});
  };
  CHECK(at(-1));
  CHECK(at(-2));  // the table's first row, which no token has
  check_rejected(at(-3), problem::position_outside_context, 0, -3, 40);
  check_rejected(at(40), problem::position_outside_context, 0, 40, 40);
}

TEST_CASE("computes the head for tokens independently of the one for sequences") {
  // The parameters of the pooler and the classifier come last.
  const auto all = random_parameters<bert_like>(31);
  parameters<masked_bert> fewer;
  std::copy_n(all.data(), fewer.size(), fewer.data());
  const weights<bert_like> both{all};
  const weights<masked_bert> masked{fewer};
  std::mt19937 generator{3};
  const text t = random_text<bert_like>(generator, 12);
  static_assert(std::is_same_v<forward_pass<masked_bert>::output, rows_view<const float>>);
  CHECK(alone(both, t).tokens == alone(masked, t).tokens);
}

const float* values_of(const parameters<bert_like>& values, std::string_view name) {
  const float* found = nullptr;
  for_each_tensor(layout_of<bert_like>, [&](const parameter_tensor& tensor) {
    if (tensor.name().view() == name) found = values.data() + tensor.offset;
  });
  REQUIRE(found);
  return found;
}

TEST_CASE("shows the row of each sequence to an observer, which the classifier reads") {
  constexpr index_type width = bert_numbers.width;
  const auto values = random_parameters<bert_like>(41);
  const weights<bert_like> packed{values};
  forward_pass<bert_like, batch<2>, observing> forward{packed};
  std::mt19937 generator{5};
  const text a = random_text<bert_like>(generator, 7), b = random_text<bert_like>(generator, 12);
  const std::vector<segmented_tokens> texts{a.view(), b.view()};
  std::vector<float> pooled, last_block;
  int times = 0;
  const auto y = forward.run(std::span<const segmented_tokens>{texts},
                             [&](observation what, loop_place where, auto rows, index_type columns) {
                               if (what == observation::block_output)
                                 last_block.assign(rows.data, rows.data + rows.rows * columns);
                               if (what != observation::pooled) return;
                               ++times;
                               CHECK(where.depth == 0);
                               CHECK(columns == width);
                               REQUIRE(rows.rows == 2);
                               pooled.assign(rows.data, rows.data + 2 * columns);
                             });
  REQUIRE(y);
  REQUIRE(times == 1);
  REQUIRE(last_block.size() == std::size_t(19 * width));
  const float *const dense = values_of(values, "pooler.dense.weight"), *const dense_bias =
                                                                           values_of(values, "pooler.dense.bias");
  const float *const map = values_of(values, "classifier.weight"), *const bias = values_of(values, "classifier.bias");
  for (index_type s = 0; s < 2; ++s) {
    const float* const first_token = last_block.data() + (s ? 7 : 0) * width;
    for (index_type i = 0; i < width; ++i) {
      double sum = double(dense_bias[i]);
      for (index_type k = 0; k < width; ++k) sum += double(dense[i * width + k]) * double(first_token[k]);
      CHECK(std::abs(double(pooled[std::size_t(s * width + i)]) - std::tanh(sum)) < tolerance);
    }
    for (index_type k = 0; k < 2; ++k) {
      double sum = double(bias[k]);
      for (index_type i = 0; i < width; ++i)
        sum += double(map[k * width + i]) * double(pooled[std::size_t(s * width + i)]);
      CHECK(std::abs(double(y->sequences[s][k]) - sum) < tolerance);
    }
  }
}

template <class M> void check_in_place() {
  const auto values = random_parameters<M>(51);
  const canonical_weights<M> lying{values};
  const weights<M> packed{values};
  using in_place = forward_pass<M, storage::in_place, reads<canonical>, tokens<16>>;
  const auto evaluate = std::make_unique<in_place>(lying);
  std::mt19937 generator{9};
  for (const index_type length : {16, 5}) {
    const text t = random_text<M>(generator, length);
    const auto y = evaluate->run(t.view());
    REQUIRE(y);
    const auto found = copied<M>(*y, length, 1), expected = alone(packed, t);
    CHECK(distance(found.tokens.data(), expected.tokens.data(), index_type(expected.tokens.size())) < tolerance);
    CHECK(distance(found.sequences.data(), expected.sequences.data(), index_type(expected.sequences.size())) <
          tolerance);
  }
}
TEST_CASE("computes the same in place with weights that are not copied: bert") { check_in_place<bert_like>(); }
TEST_CASE("computes the same in place with weights that are not copied: albert") { check_in_place<albert_like>(); }

}  // namespace
}  // namespace typeformer
