// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/interpretability/attention_map.hpp>
#include <typeformer/hosted/interpretability/changed_values.hpp>
#include <typeformer/hosted/interpretability/input_gradients.hpp>
#include <typeformer/hosted/interpretability/integrated_gradients.hpp>
#include <typeformer/hosted/interpretability/logit_lens.hpp>
#include <typeformer/hosted/interpretability/logit_parts.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/objectives/label_logits.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

using namespace typeformer;

namespace {

using gpt = laws::small_gpt2;
const std::vector<std::int32_t> text{3, 1, 4, 1, 5, 9}, other_text{2, 6, 5, 3, 5, 8};

template <class M> struct setup {
  parameters<M> values = testing::random_parameters<M>(7);
  weights<M> packed{values};
  forward_pass<M, observing> run{packed};

  template <class... Observer> std::vector<float> logits(std::span<const std::int32_t> ids, Observer... observer) {
    const auto rows = run.run(ids, observer...);
    REQUIRE(rows);
    return {rows->data, rows->data + index_type(ids.size()) * M::vocabulary};
  }
};

template <class M> void check_lens() {
  setup<M> of;
  const auto lens = logit_lens(of.run, text);
  REQUIRE(lens);
  REQUIRE(lens->size() == 4);
  CHECK(lens->back().numbers == of.logits(text));
  CHECK(lens->front().numbers != of.logits(text));
}

template <class M> void check_sum(double tolerance) {
  setup<M> of;
  for (const explained_logit asked : {explained_logit{0, 3}, explained_logit{5, 7, 2}}) {
    const auto found = parts_of_logit(of.run, text, asked);
    REQUIRE(found);
    CHECK(found->parts.size() == 7);
    CHECK(found->sum() == Approx(found->logit).margin(tolerance));
  }
}

}  // namespace

TEST_CASE("the logit lens of the last block is the logits", "[interpretability]") {
  check_lens<gpt>();
  check_lens<laws::small_llama>();
  check_lens<laws::post_norm_model>();
}

TEST_CASE("a logit is the sum of what embeddings and branches add to it", "[interpretability]") {
  check_sum<gpt>(2e-5);
  check_sum<laws::small_llama>(2e-5);
}

TEST_CASE("a part of a logit is that of the norm with the divisor of the run", "[interpretability]") {
  setup<gpt> of;
  const explained_logit asked{4, 6};
  const auto found = parts_of_logit(of.run, text, asked);
  REQUIRE(found);
  recorded_values values{observation::stack_input, observation::branch_output, observation::block_output};
  of.logits(text, values.observer());
  const float *const table = of.values.data() + asked.token * 8,                       // the first parameter
      *const gain = of.values.data() + of.values.size() - 16, *const bias = gain + 8;  // the last ones
  const auto mean = [](std::span<const float> x) {
    double sum = 0;
    for (const float each : x) sum += double(each) / 8;
    return sum;
  };
  const std::span<const float> x = values.at({observation::block_output, 2}).row(asked.row);
  double variance = 1e-5, bias_logit = 0;
  for (const float each : x) variance += (double(each) - mean(x)) * (double(each) - mean(x)) / 8;
  for (std::size_t i = 0; i < 8; ++i) bias_logit += double(table[i]) * double(bias[i]);
  CHECK(found->bias == Approx(bias_logit).margin(1e-5));
  for (const logit_part& part : found->parts) {
    const std::span<const float> c = values.at(part.value).row(asked.row);
    double expected = 0;
    for (std::size_t i = 0; i < 8; ++i)
      expected += double(table[i]) * double(gain[i]) * (double(c[i]) - mean(c)) / std::sqrt(variance);
    CHECK(part.logit == Approx(expected).margin(2e-5));
  }
}

TEST_CASE("patching every branch and the input restores the other run exactly", "[interpretability]") {
  setup<gpt> of;
  recorded_values clean{observation::stack_input, observation::branch_output, observation::head_outputs};
  const std::vector<float> logits = of.logits(text, clean.observer()), of_other = of.logits(other_text);
  changed_values everything, heads_of_a_layer, one_head;
  everything.copy({.value = {observation::stack_input, 0}}, clean.at({observation::stack_input, 0}));
  for (index_type n = 0; n < 6; ++n)
    everything.copy({.value = {observation::branch_output, n}}, clean.at({observation::branch_output, n}));
  CHECK(of.logits(other_text, everything.observer()) == logits);
  CHECK(everything.all_made());

  const value_table& heads = clean.at({observation::head_outputs, 1});
  one_head.copy({.value = {observation::head_outputs, 1}, .first_column = 4, .columns = 4}, heads);
  const std::vector<float> of_one = of.logits(other_text, one_head.observer());
  CHECK(of_one != of_other);
  one_head.copy({.value = {observation::head_outputs, 1}, .first_column = 0, .columns = 4}, heads);
  heads_of_a_layer.copy({.value = {observation::head_outputs, 1}}, heads);
  CHECK(of.logits(other_text, one_head.observer()) == of.logits(other_text, heads_of_a_layer.observer()));
}

TEST_CASE("changes the given rows and columns of a value", "[interpretability]") {
  setup<gpt> of;
  recorded_values before{observation::branch_output}, after{observation::branch_output};
  of.logits(text, before.observer());
  changed_values changes;
  const std::array<float, 3> vector{1, 2, 3};
  changes.add({.value = {observation::branch_output, 0}, .first_row = 1, .rows = 2, .first_column = 5}, vector);
  changes.clear({.value = {observation::branch_output, 0}, .first_row = 4, .columns = 2});
  changes.clear({.value = {observation::branch_output, 6}});
  of.logits(text, changes.observer(&after));
  CHECK_FALSE(changes.all_made());  // three blocks have six branches
  value_table expected = before.at({observation::branch_output, 0});
  for (index_type row = 1; row < 3; ++row)
    for (std::size_t i = 0; i < 3; ++i) expected.row(row)[5 + i] += vector[i];
  for (index_type row = 4; row < 6; ++row) expected.row(row)[0] = expected.row(row)[1] = 0;
  CHECK(after.at({observation::branch_output, 0}).numbers == expected.numbers);
  CHECK(after.at({observation::branch_output, 1}).numbers != before.at({observation::branch_output, 1}).numbers);
}

TEST_CASE("scores heads that read the token before, and those that read what followed last time",
          "[interpretability]") {
  value_table shown(6, 2 * 8);  // two heads, six tokens of eight
  for (index_type query = 0; query < 6; ++query) {
    shown.row(query)[std::size_t(std::max<index_type>(query - 1, 0))] = 1;  // head 0
    shown.row(query)[std::size_t(6 + std::max<index_type>(query - 2, 0))] = 0.75f;
  }
  const attention_map map{shown, 2};
  CHECK(previous_token_score(map, 0) == 1);
  CHECK(previous_token_score(map, 1) == Approx(0.75 / 5));  // the first query that has a token before it
  CHECK(induction_score(map, 1, 3) == 0.75);
  CHECK(induction_score(map, 0, 3) == 0);
  CHECK(map(1, 4, 2) == 0.75);
}

TEST_CASE("integrated gradients sum to the difference of logits", "[interpretability]") {
  const auto check = [](auto gradients, std::span<const float> parameters, std::span<const float> baseline) {
    token_batch_builder builder;
    const std::vector<std::int32_t> labels{no_label, 7, 0, no_label, 3, 5};
    builder.add(text, labels);
    const auto found = integrated_gradients(gradients, parameters.data(), builder.batch(), baseline, 100);
    REQUIRE(found);
    CHECK(std::abs(found->difference) > 0.01);
    CHECK(std::abs(found->sum() - found->difference) < 0.01 * std::abs(found->difference));
    double rows = 0;
    for (index_type row = 0; row < 6; ++row) rows += found->of_row(row);
    CHECK(rows == Approx(found->sum()));
  };
  const parameters<gpt> of_gpt = testing::random_parameters<gpt>(7);
  check(input_gradients<gpt, token_label_logits>{}, {of_gpt.data(), std::size_t(of_gpt.size())}, {});
  using llama = laws::small_llama;
  const parameters<llama> of_llama = testing::random_parameters<llama>(7);
  check(input_gradients<llama, token_label_logits>{}, {of_llama.data(), std::size_t(of_llama.size())},
        std::vector<float>(6 * 8, 0.5f));
}

TEST_CASE("rejects a shift of the embedding that has other rows", "[interpretability]") {
  input_gradients<gpt, token_label_logits> gradients;
  const parameters<gpt> values = testing::random_parameters<gpt>(7);
  token_batch_builder builder;
  builder.add(text, std::vector<std::int32_t>(text.size(), 1));
  const auto run = gradients.run(values.data(), builder.batch(), std::vector<float>(5 * 8));
  REQUIRE_FALSE(run);
  CHECK(run.error().message().view() == "it has not the rows of the batch: expected 48, found 40");
}
