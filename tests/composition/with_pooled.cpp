// SPDX-License-Identifier: BSL-1.0
// Hidden states of tokens and, beside them, one row for each sequence.
#include <laws/models.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/composition/with_pooled.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/objectives/objective_sum.hpp>
#include <typeformer/objectives/regression.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/batch_tables.hpp>
#include <typeformer/session/forward_pass.hpp>

namespace typeformer {
namespace {

using laws::small_bert_config;

struct both : bert_body<small_bert_config, gelu_erf, with_pooled<first_token_pooler<>>> {};
struct of_tokens : bert_body<small_bert_config, gelu_erf> {};
struct of_sequences : bert_body<small_bert_config, gelu_erf, first_token_pooler<>> {};

const std::vector<std::int32_t> ids{1, 4, 9, 3, 10, 0};

template <class M> weights<M> packed_for(const parameters<both>& values) {
  weights<M> w;
  w.pack(values.data());  // the pooler's parameters are the last ones
  return w;
}

/// Gradients of a loss of two texts of three tokens.
template <class M, class Objective> std::vector<float> gradients_of(const parameters<both>& values) {
  batch_tables<2, 3> tables;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i % 3 == 0) tables.start_sequence(0);
    tables.add(ids[i], std::int32_t(i % 3));
  }
  token_batch batch = tables.view();
  std::vector<float> targets(6 * 8), sequence_targets(2 * 8);
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = float(std::sin(double(i)));
  for (std::size_t i = 0; i < sequence_targets.size(); ++i) sequence_targets[i] = float(std::cos(double(i)));
  batch.targets = targets.data();
  batch.sequence_targets = sequence_targets.data();
  batch.outputs = batch.sequence_outputs = 8;
  std::vector<float> gradients(std::size_t(values.size()));
  training_pass<M, Objective, typeformer::batch<2>, tokens<3>> learn;
  REQUIRE(learn.run(values.data(), gradients.data(), batch));
  return gradients;
}

}  // namespace

TEST_CASE("delivers what the stack and the pooler deliver alone", "[with_pooled]") {
  STATIC_REQUIRE(!both::has_head);
  const auto values = testing::random_parameters<both>(3);
  const auto of_both = packed_for<both>(values);
  const auto of_stack = packed_for<of_tokens>(values);
  const auto of_pooler = packed_for<of_sequences>(values);
  forward_pass<both> all{of_both};
  forward_pass<of_tokens> stack{of_stack};
  forward_pass<of_sequences> pooler{of_pooler};
  const auto y = all.run(std::span(ids));
  const auto states = stack.run(std::span(ids));
  const auto pooled = pooler.run(std::span(ids));
  REQUIRE(y);
  REQUIRE(states);
  REQUIRE(pooled);
  for (index_type i = 0; i < 8; ++i) {
    CHECK(y->tokens[5][i] == (*states)[5][i]);
    CHECK(y->sequences[0][i] == (*pooled)[0][i]);
  }
}

TEST_CASE("passes back the gradients of either output, or the sum of both", "[with_pooled]") {
  const auto values = testing::random_parameters<both>(3);
  const auto from_tokens = gradients_of<both, token_regression<>>(values);
  const auto from_sequences = gradients_of<both, sequence_regression<>>(values);
  CHECK(from_tokens == gradients_of<of_tokens, token_regression<>>(values));
  CHECK(from_sequences == gradients_of<of_sequences, sequence_regression<>>(values));
  const auto from_both = gradients_of<both, objective_sum<token_regression<>, sequence_regression<>>>(values);
  for (std::size_t i = 0; i < from_both.size(); ++i)
    CHECK(from_both[i] == Approx(from_tokens[i] + from_sequences[i]).epsilon(1e-3).margin(1e-5));
}

}  // namespace typeformer
