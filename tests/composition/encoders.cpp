// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/layers/sentence_embedding.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/pretraining.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

/// Classifies sequences by their embedding, as in training an embedder with labels.
struct small_embedder : bert_body<small_bert_config, gelu_erf, sentence_embedding<>, classifier<3>> {};

}  // namespace

TEST_CASE("obeys the laws: a small BERT with the sum of its objectives") {
  check_verdict(examine_model<small_bert, bert_pretraining>(), {.training = 13});
}
TEST_CASE("obeys the laws: a small BERT with each objective alone") {
  check_verdict(examine_model<small_bert, masked_lm>());
  check_verdict(examine_model<small_bert, next_sentence>());
}
TEST_CASE("obeys the laws: a small RoBERTa") { check_verdict(examine_model<small_roberta, masked_lm>()); }
TEST_CASE("obeys the laws: a small ALBERT of two groups of two layers") {
  check_verdict(examine_model<small_albert, albert_pretraining>());
}
TEST_CASE("obeys the laws: a classifier of sequences") {
  check_verdict(examine_model<small_classifier, sequence_classification>());
}
TEST_CASE("obeys the laws: a classifier of embeddings") {
  check_verdict(examine_model<small_embedder, sequence_classification>());
}

namespace {

template <class Config> constexpr Config untied(Config c) { return c.tied = false, c; }
struct small_untied_bert : bert<untied(small_bert_config)> {};
struct small_untied_albert : albert<albert_config{.layers = 2,
                                                  .width = 8,
                                                  .heads = 2,
                                                  .embedding_width = 6,
                                                  .hidden = 12,
                                                  .vocabulary = 11,
                                                  .context = 8,
                                                  .padding_id = no_id,
                                                  .tied = false}> {};

}  // namespace

TEST_CASE("obeys the laws: encoders whose head for masked tokens has its own table") {
  static_assert(layout_of<small_untied_bert>.parameters == layout_of<small_bert>.parameters + 11 * 8);
  check_verdict(examine_model<small_untied_bert, bert_pretraining>(), {.training = 13});
  check_verdict(examine_model<small_untied_albert, masked_lm>());
}
