// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/pretraining.hpp>

using namespace typeformer;
using namespace typeformer::laws;

TEST_CASE("a small BERT obeys the laws with the sum of its objectives") {
  check_verdict(examine_model<small_bert, bert_pretraining>(), {.training = 13});
}
TEST_CASE("a small BERT obeys the laws with each objective alone") {
  check_verdict(examine_model<small_bert, masked_lm>());
  check_verdict(examine_model<small_bert, next_sentence>());
}
TEST_CASE("a small RoBERTa obeys the laws") { check_verdict(examine_model<small_roberta, masked_lm>()); }
TEST_CASE("a small ALBERT of two groups of two layers obeys the laws") {
  check_verdict(examine_model<small_albert, albert_pretraining>());
}
TEST_CASE("a classifier of sequences obeys the laws") {
  check_verdict(examine_model<small_classifier, sequence_classification>());
}
