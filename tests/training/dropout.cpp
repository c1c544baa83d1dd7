// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/foundation/philox.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/session/batch_tables.hpp>
#include <typeformer/session/forward_pass.hpp>

#include "support/catch.hpp"

namespace typeformer {
namespace {

constexpr gpt2_config small{.layers = 3, .width = 16, .heads = 2, .vocabulary = 13, .context = 8, .dropout = 0.25};
constexpr gpt2_config small_recomputed{
    .layers = 3, .width = 16, .heads = 2, .vocabulary = 13, .context = 8, .dropout = 0.25, .recomputes_blocks = true};
constexpr gpt2_config small_without{.layers = 3, .width = 16, .heads = 2, .vocabulary = 13, .context = 8};
struct dropping : gpt2<small> {};
struct dropping_recomputed : gpt2<small_recomputed> {};
struct plain : gpt2<small_without> {};

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

template <class M> parameters<M, double> start() {
  parameters<M, double> values;
  initialize(values, philox{7});
  for (index_type i = 0; i < values.size(); ++i) values.data()[i] *= 8;
  return values;
}

template <class M> std::vector<double> gradient_of_model(const token_batch& given, double& loss) {
  const auto values = start<M>();
  std::vector<double> gradient(static_cast<std::size_t>(values.size()));
  training_pass<M, causal_language_model, scalar<double>, batch<2>> learn;
  loss = *learn.run(values.data(), gradient.data(), given);
  return gradient;
}

TEST_CASE("drops the same elements in a recomputed block, with the gradient of the loss") {
  const two_sequences data;
  double kept = 0, recomputed = 0;
  const auto gradient = gradient_of_model<dropping>(data.view(1, 2), kept);
  CHECK(gradient == gradient_of_model<dropping_recomputed>(data.view(1, 2), recomputed));
  CHECK(kept == recomputed);

  auto values = start<dropping>();
  training_pass<dropping, causal_language_model, scalar<double>, batch<2>> learn;
  std::vector<double> ignored(gradient.size());
  double worst = 0, largest = 0;
  for (index_type i = 0; i < values.size(); i += 7) {
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

TEST_CASE("chooses what is dropped by seed and step, and drops nothing without training") {
  const two_sequences data;
  double first = 0, again = 0, other_step = 0, other_seed = 0;
  gradient_of_model<dropping>(data.view(1, 2), first);
  gradient_of_model<dropping>(data.view(1, 2), again);
  gradient_of_model<dropping>(data.view(1, 3), other_step);
  gradient_of_model<dropping>(data.view(2, 2), other_seed);
  CHECK(first == again);
  CHECK(first != other_step);
  CHECK(first != other_seed);

  const auto values = start<dropping>();
  const auto for_plain = start<plain>();
  loss_pass<dropping, causal_language_model, scalar<double>, batch<2>> score;
  loss_pass<plain, causal_language_model, scalar<double>, batch<2>> score_plain;
  CHECK(score.run(values.data(), data.view(1, 2))->loss() ==
        score_plain.run(for_plain.data(), data.view(9, 9))->loss());
}

TEST_CASE("drops one element in four and scales the others up") {
  constexpr index_type width = 1000, rows_count = 100;
  std::vector<float> ones(width * rows_count, 1.0f), dropped(width * rows_count);
  const capacities reserved{1, rows_count, 0};
  const index_type iteration[maximum_loop_depth] = {};
  token_batch batch;
  batch.random_seed = 3;
  const inline_workers workers;
  const call<inline_workers> c{batch, reserved, workers, iteration};
  execute(dropout_operation<width, 0.25, philox>{}, c, block_view<const float>{{ones.data(), width}, rows_count},
          random_source_of(batch, random_site{0}, iteration), block_view<float>{{dropped.data(), width}, rows_count});
  double zeros = 0, sum = 0;
  bool others = true;
  for (float value : dropped) {
    zeros += value == 0;
    sum += static_cast<double>(value);
    others = others && (value == 0 || std::fabs(value - 4.0f / 3) < 1e-6f);
  }
  CHECK(others);
  const double count = width * rows_count;
  CHECK(std::fabs(zeros / count - 0.25) < 4 * std::sqrt(0.25 * 0.75 / count));
  CHECK(std::fabs(sum / count - 1) < 0.02);
}

}  // namespace
}  // namespace typeformer
