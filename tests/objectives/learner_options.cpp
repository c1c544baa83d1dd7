// SPDX-License-Identifier: BSL-1.0
#include <type_traits>

#include <support/catch.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/objectives/learner.hpp>
#include <typeformer/objectives/pretraining.hpp>

using namespace typeformer;

namespace {
struct small_gpt : gpt2<gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};
struct small_bert
    : bert<bert_config{.layers = 1, .width = 8, .heads = 2, .hidden = 16, .vocabulary = 13, .context = 6}> {};
}  // namespace

TEST_CASE("options of a learner and a scorer stand in any order, the scalar among them", "[learner]") {
  using first = learner<small_gpt, causal_language_model, batch<3>, prompt<4>>;
  using second = learner<small_gpt, causal_language_model, prompt<4>, scalar<double>, batch<3>>;
  static_assert(first::reserved.batch == 3 && second::reserved.batch == 3 && second::reserved.tokens == 4);
  static_assert(std::is_same_v<first::plan, second::plan>);
  static_assert(std::is_same_v<first::scalar_type, float> && std::is_same_v<second::scalar_type, double>);
  static_assert(std::is_same_v<scorer<small_gpt, causal_language_model, scalar<double>>::scalar_type, double>);

  second learn;
  const auto refused = learn.learn(nullptr, nullptr, [] {
    token_batch batch;
    batch.sequences = 4;
    return batch;
  }());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what == batch_error::problem::too_many_sequences);
}

TEST_CASE("a learner knows what the numbers of its batches may be", "[learner]") {
  constexpr batch_limits of_gpt = learner<small_gpt, causal_language_model>::limits;
  static_assert(of_gpt.vocabulary == 11 && of_gpt.classes == 11 && of_gpt.sequence_classes == 0 &&
                of_gpt.segments == 0);
  static_assert(!of_gpt.delivers_sequences && !of_gpt.reads_answers && of_gpt.source_vocabulary == 0);
  constexpr batch_limits of_bert = scorer<small_bert, bert_pretraining>::limits;
  static_assert(of_bert.vocabulary == 13 && of_bert.classes == 13 && of_bert.sequence_classes == 2);
  static_assert(of_bert.segments == 2 && of_bert.context == 6 && of_bert.delivers_sequences);
  static_assert(scorer<small_bert, masked_lm>::limits.sequence_classes == 0);
  SUCCEED("the limits are right");
}
