// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <laws/check_verdict.hpp>
#include <support/catch.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/models/albert.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/roberta.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/session/batch_tables.hpp>

// Probabilities of attention are dropped only in training, the same ones in the backward pass and when a block is
// recomputed.
namespace typeformer {
namespace {

using laws::check_verdict, laws::examine_layer, laws::examine_model;

inline constexpr gpt2_config small{
    .layers = 3, .width = 16, .heads = 2, .vocabulary = 13, .context = 8, .attention_dropout = 0.25};
constexpr gpt2_config recomputed(gpt2_config c) { return c.recomputes_blocks = true, c; }
constexpr gpt2_config dropping_elements_too(gpt2_config c) { return c.dropout = 0.25, c; }
template <class Config> constexpr Config without(Config c) { return c.attention_dropout = 0, c; }
struct dropping : gpt2<small> {};
struct dropping_recomputed : gpt2<recomputed(small)> {};
struct dropping_both : gpt2<dropping_elements_too(small)> {};
struct dropping_both_recomputed : gpt2<recomputed(dropping_elements_too(small))> {};
struct plain : gpt2<without(small)> {};

static_assert(std::is_same_v<self_attention_with_dropout<0.0, heads<2>, causal>, self_attention<heads<2>, causal>>);

inline constexpr bert_config small_bert{.layers = 2,
                                        .width = 8,
                                        .heads = 2,
                                        .hidden = 12,
                                        .vocabulary = 11,
                                        .context = 8,
                                        .attention_dropout = 0.25,
                                        .padding_id = -1};
struct dropping_bert : bert<small_bert> {};
struct plain_bert : bert<without(small_bert)> {};
struct dropping_roberta : roberta<roberta_config{.layers = 2,
                                                 .width = 8,
                                                 .heads = 2,
                                                 .hidden = 12,
                                                 .vocabulary = 11,
                                                 .segments = 2,
                                                 .context = 8,
                                                 .attention_dropout = 0.25,
                                                 .padding_id = -1}> {};
struct dropping_albert : albert<albert_config{.layers = 4,
                                              .width = 8,
                                              .heads = 2,
                                              .embedding_width = 6,
                                              .groups = 2,
                                              .layers_in_group = 2,
                                              .hidden = 12,
                                              .vocabulary = 11,
                                              .context = 8,
                                              .attention_dropout = 0.25,
                                              .padding_id = -1}> {};

TEST_CASE("obeys the laws: self_attention that drops probabilities") {
  check_verdict(
      examine_layer<self_attention<heads<2>, bidirectional, attention_dropout<0.25>>, 8, laws::sees_later_tokens>());
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<2>, causal, attention_dropout<0.5>>, 8>());
}
TEST_CASE("obeys the laws: attention under a rule that drops probabilities") {
  check_verdict(
      examine_layer<self_attention<heads<2>, causal, sliding_window<3>, soft_cap<1.0>, attention_dropout<0.25>>, 8>());
}
TEST_CASE("obeys the laws: encoders that drop probabilities") {
  check_verdict(examine_model<dropping_bert, bert_pretraining>(), {.training = 13});
  check_verdict(examine_model<dropping_roberta, masked_lm>());
  check_verdict(examine_model<dropping_albert, albert_pretraining>());
}

struct two_sequences {
  batch_tables<2, 8> tables;
  std::vector<std::int32_t> labels;
  two_sequences() {
    for (index_type s = 0; s < 2; ++s) {
      tables.start_sequence(0);
      for (index_type t = 0; t < (s ? 5 : 8); ++t) tables.add(static_cast<std::int32_t>((3 * t + s) % 13), t);
    }
    for (index_type r = 0; r < 13; ++r) labels.push_back(static_cast<std::int32_t>(5 * r % 13));
  }
  token_batch view(std::uint64_t seed, std::uint64_t step) const {
    token_batch batch = tables.view();
    batch.labels = labels.data();
    batch.loss_scale = 1.0 / 13;
    batch.random_seed = seed;
    batch.random_step = step;
    return batch;
  }
};

template <class M, class S = double> parameters<M, S> start() {
  parameters<M, S> values;
  initialize(values, philox{7});
  for (index_type i = 0; i < values.size(); ++i) values.data()[i] *= 8;
  return values;
}
template <class M, class S = double> std::vector<S> gradient_of_model(const token_batch& given, S& loss) {
  const auto values = start<M, S>();
  std::vector<S> gradient(static_cast<std::size_t>(values.size()));
  training_pass<M, causal_language_model, scalar<S>, batch<2>> learn;
  loss = *learn.run(values.data(), gradient.data(), given);
  return gradient;
}
template <class M> double loss_of_model(const token_batch& given) {
  double loss = 0;
  gradient_of_model<M>(given, loss);
  return loss;
}

template <class M, class Recomputed, class S> void check_replay() {
  const two_sequences data;
  S kept = 0, again = 0;
  const auto gradient = gradient_of_model<M, S>(data.view(1, 2), kept);
  CHECK(gradient == gradient_of_model<Recomputed, S>(data.view(1, 2), again));
  CHECK(kept == again);
}
TEST_CASE("drops the same probabilities in a recomputed block, bit for bit") {
  check_replay<dropping, dropping_recomputed, double>();
  check_replay<dropping, dropping_recomputed, float>();
  check_replay<dropping_both, dropping_both_recomputed, double>();
  check_replay<dropping_both, dropping_both_recomputed, float>();
}

/// The distance of two gradients, relative to the largest number of the first.
template <class S> double distance(const std::vector<double>& a, const std::vector<S>& b) {
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(a[i] - double(b[i])));
    largest = std::max(largest, std::abs(a[i]));
  }
  return worst / largest;
}

TEST_CASE("drops in the float kernels what the reference drops in double") {
  // Initial weights: with large ones a row depends on its least probable keys if the others are dropped, and rounding
  // the weights alone changes the exact gradient.
  const two_sequences data;
  parameters<dropping, float> single;
  initialize(single, philox{7});
  const std::vector<double> exact(single.data(), single.data() + single.size());
  training_pass<dropping, causal_language_model, batch<2>> learn_single;
  training_pass<dropping, causal_language_model, scalar<double>, batch<2>> learn;
  std::vector<double> before;
  for (std::uint64_t seed = 1; seed < 9; ++seed) {
    INFO("seed " << seed);
    std::vector<float> gradient(exact.size());
    std::vector<double> expected(exact.size());
    const float loss = *learn_single.run(single.data(), gradient.data(), data.view(seed, 2));
    CHECK(double(loss) == Approx(*learn.run(exact.data(), expected.data(), data.view(seed, 2))).epsilon(1e-6));
    CHECK(distance(expected, gradient) < 2e-6);
    if (!before.empty()) CHECK(distance(expected, before) > 1e-3);  // another mask gives a very different gradient
    before = expected;
  }
}

TEST_CASE("computes the gradient of the loss with a fixed seed and step") {
  const two_sequences data;
  double loss = 0;
  const auto gradient = gradient_of_model<dropping_both>(data.view(1, 2), loss);
  auto values = start<dropping_both>();
  training_pass<dropping_both, causal_language_model, scalar<double>, batch<2>> learn;
  std::vector<double> ignored(gradient.size());
  double worst = 0, largest = 0;
  for (index_type i = 0; i < values.size(); i += 29) {
    const double here = values.data()[i], step = 1e-5;
    const auto loss_at = [&](double offset) {
      values.data()[i] = here + offset;
      return *learn.run(values.data(), ignored.data(), data.view(1, 2));
    };
    const double difference =
        (loss_at(-2 * step) - 8 * loss_at(-step) + 8 * loss_at(step) - loss_at(2 * step)) / (12 * step);
    values.data()[i] = here;
    worst = std::max(worst, std::fabs(difference - gradient[static_cast<std::size_t>(i)]));
    largest = std::max(largest, std::fabs(difference));
  }
  CHECK(worst <= 1e-7 * largest);
}

TEST_CASE("chooses the dropped probabilities by seed and step, and drops none without training") {
  const two_sequences data;
  const double first = loss_of_model<dropping>(data.view(1, 2));
  CHECK(first == loss_of_model<dropping>(data.view(1, 2)));
  CHECK(first != loss_of_model<dropping>(data.view(1, 3)));
  CHECK(first != loss_of_model<dropping>(data.view(2, 2)));
  CHECK(first != loss_of_model<dropping>(data.view(1, 2 + (std::uint64_t{1} << 32))));
  CHECK(first != loss_of_model<plain>(data.view(1, 2)));

  const auto values = start<dropping>();
  const auto for_plain = start<plain>();
  loss_pass<dropping, causal_language_model, scalar<double>, batch<2>> score;
  loss_pass<plain, causal_language_model, scalar<double>, batch<2>> score_plain;
  CHECK(score.run(values.data(), data.view(1, 2))->loss() ==
        score_plain.run(for_plain.data(), data.view(9, 9))->loss());
}

/// The attention of one layer in training: the rows [heads · width | keys | values] of two equal sequences of six
/// tokens.
struct one_layer {
  static constexpr index_type heads = 2, head_width = 3, tokens = 6, rows_count = 2 * tokens;
  using numbers = attention_numbers<heads, heads, head_width, 0.6, bidirectional>;
  std::vector<double> row, panels, mixed, log_sum_exp;
  std::array<index_type, 3> first_row{0, tokens, 2 * tokens};
  capacities reserved{2, tokens, 0};
  std::array<index_type, std::size_t(maximum_loop_depth)> iteration{};
  token_batch batch;

  one_layer() {
    row.resize(std::size_t(rows_count * numbers::row_width));
    philox random{5};
    for (std::size_t i = 0; i < row.size() / 2; ++i)
      row[i] = row[i + row.size() / 2] = double(random()) / 2147483648.0 - 1;
    panels.resize(std::size_t(extent<rows<axis::token_block, numbers::key_panel_width>>(reserved)));
    mixed.resize(std::size_t(rows_count * numbers::query_width));
    log_sum_exp.resize(std::size_t(rows_count * heads));
    batch.sequences = 2;
    batch.rows = rows_count;
    batch.first_row = first_row.data();
    batch.random_seed = 77;
    const inline_workers workers;
    execute(key_panels_operation<numbers>{}, call<inline_workers>{batch, reserved, workers, iteration.data()},
            rows_in(), block_view<double>{{panels.data(), numbers::key_panel_width}, 2});
  }
  block_view<const double> rows_in() const { return {{row.data(), numbers::row_width}, rows_count}; }
  template <class Operation, class... Site> const std::vector<double>& run(Operation operation, Site... site) {
    const inline_workers workers;
    execute(operation, call<inline_workers>{batch, reserved, workers, iteration.data()}, rows_in(),
            block_view<const double>{{panels.data(), numbers::key_panel_width}, 2}, static_cast<const double*>(nullptr),
            site..., block_view<double>{{mixed.data(), numbers::query_width}, rows_count},
            block_view<double>{{log_sum_exp.data(), heads}, rows_count});
    return mixed;
  }
  const std::vector<double>& drop(std::uint64_t step, int site = 0) {
    batch.random_step = step;
    return run(dropped_attention_operation<numbers, 0.25>{},
               random_source_of(batch, random_site{site}, iteration.data()));
  }
};

TEST_CASE("has the mean of an attention without dropout over many steps") {
  one_layer layer;
  const std::vector<double> expected = layer.run(attention_operation<one_layer::numbers>{});
  constexpr int steps = 4000;
  std::vector<double> sum(expected.size()), squares(expected.size());
  for (std::uint64_t step = 0; step < steps; ++step) {
    const auto& y = layer.drop(step);
    for (std::size_t i = 0; i < y.size(); ++i) {
      sum[i] += y[i];
      squares[i] += y[i] * y[i];
    }
  }
  double worst = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double mean = sum[i] / steps, variance = squares[i] / steps - mean * mean;
    REQUIRE(variance > 0);
    worst = std::max(worst, std::abs(mean - expected[i]) / std::sqrt(variance / steps));
  }
  CHECK(worst < 4.5);  // standard errors, of 72 numbers
}

TEST_CASE("draws independently for equal sequences, layers of a loop and sites") {
  one_layer layer;
  const std::vector<double> first = layer.drop(3);
  const std::size_t half = first.size() / 2;
  CHECK_FALSE(std::equal(first.begin(), first.begin() + std::ptrdiff_t(half), first.begin() + std::ptrdiff_t(half)));
  CHECK(layer.drop(3) == first);
  CHECK(layer.drop(3, 1) != first);
  for (std::size_t depth = 0; depth < 2; ++depth) {
    layer.iteration[depth] = 1;
    CHECK(layer.drop(3) != first);
    layer.iteration[depth] = 0;
  }
  CHECK(layer.drop(3) == first);
}

TEST_CASE("needs no memory and changes no parameter to drop probabilities") {
  CHECK(training_pass<dropping, causal_language_model>::plan::value.arena[0] ==
        training_pass<plain, causal_language_model>::plan::value.arena[0]);
  CHECK(training_pass<dropping_bert, bert_pretraining>::plan::value.arena[0] ==
        training_pass<plain_bert, bert_pretraining>::plan::value.arena[0]);
  CHECK((layout_of<dropping_bert>.parameters) == (layout_of<plain_bert>.parameters));
}

}  // namespace
}  // namespace typeformer
