// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/laws/shadow_memory.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/masked_lm.hpp>
#include <typeformer/objectives/objective_walk.hpp>
#include <typeformer/objectives/training_pass.hpp>

namespace typeformer::laws {
namespace {

constexpr capacities reserved{2, 5, 0}, reserved_with_source{2, 5, 0, 4};

/// The shadow memory takes every observation for a read and a write.
template <class M, class Objective, capacities Reserved = reserved> void check_memory() {
  CHECK(watch_memory<forward_walk<M>, walk_use<purpose::evaluate, Reserved, true>>().errors() == 0);
  CHECK(watch_memory<objective_walk<M, Objective>, walk_use<purpose::score, Reserved, true>>().errors() == 0);
  CHECK(watch_memory<objective_walk<M, Objective>, walk_use<purpose::train, Reserved, true>>().errors() == 0);
}

/// Every value of one kind that a walk shows, in order.
template <class M> struct evaluation {
  using use = walk_use<purpose::evaluate, reserved, true>;
  walk_runner<forward_walk<M>, use, double> runner;
  std::vector<double> weights = random_values<double>(layout_of<M>.parameters);

  template <class Observer> std::vector<double> logits(const token_batch& batch, Observer observer) {
    const auto y = runner.run(canonical_weights_view<double>{weights.data()}, batch, observer);
    return {y.data, y.data + y.rows * y.stride};
  }
  std::vector<std::vector<double>> values(const token_batch& batch, observation kind) {
    std::vector<std::vector<double>> all;
    logits(batch, [&](observation what, loop_place, block_view<const double> rows, index_type width) {
      if (what == kind) all.emplace_back(rows.data, rows.data + rows.rows * width);
    });
    return all;
  }
  /// The logits if the n-th value of that kind is that of another run for all n from `first` on.
  std::vector<double> patched(const token_batch& batch, observation kind, const std::vector<std::vector<double>>& from,
                              std::size_t first = 0) {
    std::size_t n = 0;
    return logits(batch, [&](observation what, loop_place, block_view<double> rows, index_type) {
      if (what != kind) return;
      if (n >= first) std::copy(from[n].begin(), from[n].end(), rows.data);
      ++n;
    });
  }
};

/// Batches that differ in every id.
struct two_texts {
  explicit two_texts(index_type vocabulary) : random_{reserved, vocabulary}, clean{random_.view()}, other{clean} {
    for (index_type row = 0; row < clean.rows; ++row) ids_.push_back((clean.ids[row] + 3) % std::int32_t(vocabulary));
    other.ids = ids_.data();
  }
  two_texts(const two_texts&) = delete;

 private:
  ragged_batch random_;
  std::vector<std::int32_t> ids_;

 public:
  token_batch clean, other;
};

template <class M> void check_patches() {
  evaluation<M> run;
  const two_texts texts{M::vocabulary};
  const token_batch &clean = texts.clean, &other = texts.other;
  const auto nothing_seen = [](observation, loop_place, block_view<const double>, index_type) {};
  const std::vector<double> logits = run.logits(clean, nothing_seen), of_other = run.logits(other, nothing_seen);
  REQUIRE(logits != of_other);
  for (const observation kind : {observation::embedding, observation::stack_input, observation::block_output}) {
    CHECK(run.patched(clean, kind, run.values(clean, kind)) == logits);
    CHECK(run.patched(other, kind, run.values(clean, kind)) == logits);
  }
  const auto outputs = run.values(clean, observation::block_output);
  CHECK(run.patched(other, observation::block_output, outputs, outputs.size() - 1) == logits);
  for (const observation kind : {observation::branch_output, observation::head_outputs}) {
    CHECK(run.patched(clean, kind, run.values(clean, kind)) == logits);
    CHECK(run.patched(other, kind, run.values(clean, kind)) != of_other);
  }
}

}  // namespace

TEST_CASE("plans values that an observer may change", "[observers]") {
  check_memory<small_gpt2, causal_language_model>();
  check_memory<small_llama, causal_language_model>();
  check_memory<small_albert, masked_lm>();
  check_memory<post_norm_model, causal_language_model>();
  check_memory<nested_checkpoint_model, causal_language_model>();
  check_memory<skipping_model, causal_language_model>();
  check_memory<small_encoder_decoder, causal_language_model, reserved_with_source>();
}

TEST_CASE("a run whose values are those of another gives the other's logits", "[observers]") {
  check_patches<small_gpt2>();
  check_patches<small_llama>();
  check_patches<post_norm_model>();
}

TEST_CASE("heads alone do not restore the clean logits: the residual stream is that of the other text", "[observers]") {
  evaluation<small_gpt2> run;
  const two_texts texts{small_gpt2::vocabulary};
  const token_batch &clean = texts.clean, &other = texts.other;
  const auto outputs = run.values(clean, observation::head_outputs);
  const std::vector<double> logits =
      run.logits(clean, [](observation, loop_place, block_view<const double>, index_type) {});
  CHECK(run.patched(other, observation::head_outputs, outputs) != logits);
}

TEST_CASE("shows the gradient of the embedding in training", "[observers]") {
  using model = small_gpt2;
  training_pass<model, causal_language_model, batch<2>, tokens<5>, scalar<double>, observing> pass;
  const std::vector<double> weights = random_values<double>(layout_of<model>.parameters);
  std::vector<double> gradients(weights.size());
  const ragged_batch random{reserved, model::vocabulary};
  token_batch batch = random.view();
  std::vector<double> gradient;
  index_type rows = 0;
  const auto loss_with = [&](index_type changed, double by) {
    const auto loss = pass.run(weights.data(), gradients.data(), batch,
                               [&](observation what, loop_place, block_view<double> seen, index_type width) {
                                 if (what == observation::embedding) {
                                   rows = seen.rows;
                                   seen.data[changed] += by;
                                 } else if (what == observation::embedding_gradient) {
                                   gradient.assign(seen.data, seen.data + seen.rows * width);
                                 }
                               });
    REQUIRE(loss);
    return *loss;
  };
  loss_with(0, 0);
  const std::vector<double> exact = gradient;
  REQUIRE(exact.size() == std::size_t(batch.rows * 8));
  CHECK(rows == batch.rows);
  constexpr double step = 1e-5;
  for (index_type i = 0; i < index_type(exact.size()); ++i)
    CHECK((loss_with(i, step) - loss_with(i, -step)) / (2 * step) == Approx(exact[std::size_t(i)]).margin(1e-8));
}

}  // namespace typeformer::laws
