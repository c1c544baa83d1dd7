// SPDX-License-Identifier: BSL-1.0
#include <type_traits>

#include <support/catch.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/objectives/training_pass.hpp>

using namespace typeformer;

namespace {
struct small_gpt : gpt2<gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};
struct small_bert
    : bert<bert_config{.layers = 1, .width = 8, .heads = 2, .hidden = 16, .vocabulary = 13, .context = 6}> {};
}  // namespace

TEST_CASE("accepts options of a training pass and a loss pass in any order, including the scalar", "[training pass]") {
  using first = training_pass<small_gpt, causal_language_model, batch<3>, tokens<4>>;
  using second = training_pass<small_gpt, causal_language_model, tokens<4>, scalar<double>, batch<3>>;
  static_assert(first::reserved.batch == 3 && second::reserved.batch == 3 && second::reserved.tokens == 4);
  static_assert(std::is_same_v<first::plan, second::plan>);
  static_assert(std::is_same_v<first::scalar_type, float> && std::is_same_v<second::scalar_type, double>);
  static_assert(std::is_same_v<loss_pass<small_gpt, causal_language_model, scalar<double>>::scalar_type, double>);

  second learn;
  const auto rejected = learn.run(nullptr, nullptr, [] {
    token_batch batch;
    batch.sequences = 4;
    return batch;
  }());
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == batch_error::problem::too_many_sequences);
}

TEST_CASE("gives the ranges of the numbers of a training pass's batches", "[training pass]") {
  constexpr batch_limits of_gpt = training_pass<small_gpt, causal_language_model>::limits;
  static_assert(of_gpt.vocabulary == 11 && of_gpt.classes == 11 && of_gpt.sequence_classes == 0 &&
                of_gpt.segments == 0);
  static_assert(!of_gpt.delivers_sequences && !of_gpt.reads_answers && of_gpt.source_vocabulary == 0);
  constexpr batch_limits of_bert = loss_pass<small_bert, bert_pretraining>::limits;
  static_assert(of_bert.vocabulary == 13 && of_bert.classes == 13 && of_bert.sequence_classes == 2);
  static_assert(of_bert.segments == 2 && of_bert.context == 6 && of_bert.delivers_sequences);
  static_assert(loss_pass<small_bert, masked_lm>::limits.sequence_classes == 0);
  SUCCEED("the limits are right");
}
