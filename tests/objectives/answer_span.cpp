// SPDX-License-Identifier: BSL-1.0
// Question answering: numbers of PyTorch (make_answer_span_numbers.py prints the literals), the laws, masked tokens.
#include <cmath>
#include <limits>
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/execution/answer_span.hpp>
#include <typeformer/layers/answer_span_head.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/likeliest_answer.hpp>
#include <typeformer/objectives/training_pass.hpp>

namespace typeformer {
namespace {

using namespace laws;

struct small_answerer : bert_body<small_bert_config, gelu_erf, answer_span_head> {};
struct answers_by_hidden_states : bert_body<small_bert_config, gelu_erf, named<"answer_span", linear<2>>> {};
struct answers_by_classifier : bert_body<small_bert_config, gelu_erf, classifier<2>> {};
struct three_numbers_a_token : bert_body<small_bert_config, gelu_erf, classifier<3>> {};

static_assert(ObjectiveFor<answer_span, small_answerer> && ObjectiveFor<answer_span, answers_by_hidden_states> &&
              ObjectiveFor<answer_span, answers_by_classifier>);
static_assert(std::is_same_v<answer_span::checked<three_numbers_a_token::output>,
                             error::answer_span_needs_two_logits_a_token<answer_span, token_rows<3>>>);
static_assert(std::is_same_v<answer_span::checked<small_classifier::output>,
                             error::objective_needs_logits_of_tokens<answer_span, sequence_rows<3>>>);

struct judged_sequence {
  index_type tokens;
  std::vector<std::uint8_t> valid;
  std::int32_t first, last;
  double loss;
  std::vector<double> gradient;  // of the mean over the three
};
const judged_sequence judged[] = {
    {5,
     {},
     1,
     3,
     3.98070496335139,
     {0.106299742676342, 0.0363655973218873, -0.162756366361603, 0.00221601634359048, 0.0237928822293758,
      0.0955554919540364, 0.0292928429562121, -0.164189866386838, 0.00337089849967324, 0.0300527607673235}},
    {3,
     {},
     0,
     0,
     1.65070602088027,
     {-0.100014849633311, -0.151316946108641, 0.00210258314732343, 0.0314991118480251, 0.0979122664859871,
      0.119817834260616}},
    {6,
     {0, 1, 1, 1, 0, 1},
     2,
     5,
     1.95120686208678,
     {0, 0, 0.0134286249575801, 0.130645355812848, -0.0266003257142643, 0.0128352136278632, 0.00388078236069085,
      0.0191814250598454, 0, 0, 0.00929091839599333, -0.162661994500557}}};
constexpr double judged_mean = 2.52753928210615;

std::vector<double> logits_of(std::size_t number) {
  std::vector<double> logits(std::size_t(2 * judged[number].tokens));
  for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = 2 * std::sin(1.3 * double(i + 1) + double(number));
  return logits;
}
answer_call<double> call_of(std::size_t number, const std::vector<double>& logits) {
  const judged_sequence& j = judged[number];
  return {j.tokens, {logits.data(), 2}, j.valid.empty() ? nullptr : j.valid.data(), j.first, j.last};
}

/// The three sequences as a batch with the given valid keys.
struct judged_batch {
  std::vector<index_type> first_row{0};
  std::vector<double> logits;
  std::vector<std::uint8_t> valid;
  std::vector<std::int32_t> spans;
  token_batch batch;
  static constexpr index_type key_stride = 8;

  judged_batch() {
    for (std::size_t n = 0; n < 3; ++n) {
      const auto some = logits_of(n);
      logits.insert(logits.end(), some.begin(), some.end());
      first_row.push_back(first_row.back() + judged[n].tokens);
      for (index_type k = 0; k < key_stride; ++k)
        valid.push_back(k < judged[n].tokens && (judged[n].valid.empty() || judged[n].valid[std::size_t(k)]));
      spans.insert(spans.end(), {judged[n].first, judged[n].last});
    }
    batch.sequences = 3;
    batch.rows = first_row.back();
    batch.first_row = first_row.data();
    batch.key_valid = valid.data();
    batch.key_stride = key_stride;
    batch.answer_spans = spans.data();
    set_mean_scales<answer_span>(batch);
  }
  block_view<const double> view() const { return {{logits.data(), 2}, batch.rows}; }
  block_view<const std::int32_t> answers() const { return {{spans.data(), 2}, batch.sequences, axis::sequence}; }
  block_view<const double> scale() const { return {{&batch.answer_loss_scale, 1}, 1, axis::once}; }
};

}  // namespace

TEST_CASE("agrees with PyTorch in the reference, masked tokens included", "[answer_span]") {
  for (std::size_t n = 0; n < 3; ++n) {
    auto logits = logits_of(n);
    CHECK(reference::answer_span(call_of(n, logits)).loss == Approx(judged[n].loss).epsilon(1e-13));
    std::vector<double> gradient(logits.size(), std::numeric_limits<double>::quiet_NaN());
    reference::answer_span_back(call_of(n, logits), 1.0 / 3, rows_view<double>{gradient.data(), 2});
    reference::answer_span_back(call_of(n, logits), 1.0 / 3, rows_view<double>{logits.data(), 2});  // in place
    CHECK(logits == gradient);
    for (std::size_t i = 0; i < gradient.size(); ++i)
      CHECK(gradient[i] == Approx(judged[n].gradient[i]).epsilon(1e-12).margin(1e-15));
  }
}

TEST_CASE("computes a batch's loss as the mean over its answers, without masked tokens", "[answer_span]") {
  judged_batch j;
  const inline_workers workers;
  const capacities reserved{3, 8, 0};
  const call<inline_workers> c{j.batch, reserved, workers};
  double found[2];
  std::vector<double> gradient(j.logits.size());
  const block_view<double> dlogits{{gradient.data(), 2}, j.batch.rows};
  execute(answer_span_gradient_operation<>{}, c, j.view(), j.answers(), j.scale(), block_view<double>{{found, 1}, 1},
          dlogits);
  CHECK(found[0] == Approx(judged_mean).epsilon(1e-13));
  std::size_t at = 0;
  for (const judged_sequence& s : judged)
    for (double expected : s.gradient) CHECK(gradient[at++] == Approx(expected).epsilon(1e-12).margin(1e-15));

  execute(answer_span_operation<>{}, c, j.view(), j.answers(), j.scale(), block_view<double>{{found, 2}, 1});
  const double loss = found[0];
  CHECK(loss == Approx(judged_mean).epsilon(1e-13));
  CHECK(found[1] == 0);
  j.logits[2 * 8] = j.logits[2 * 12 + 1] = 1000;  // tokens 0 and 4 of the third sequence are not valid
  execute(answer_span_operation<>{}, c, j.view(), j.answers(), j.scale(), block_view<double>{{found, 2}, 1});
  CHECK(found[0] == loss);
}

TEST_CASE("gives masked tokens probabilities where they count: answer_span_with_padding", "[answer_span]") {
  judged_batch j;
  const inline_workers workers;
  const capacities reserved{3, 8, 0};
  const call<inline_workers> c{j.batch, reserved, workers};
  double expected = 0, found[2], found_with_gradient;
  std::vector<double> gradient(j.logits.size()), expected_gradient(j.logits.size());
  for (std::size_t n = 0; n < 3; ++n) {
    const auto logits = logits_of(n);
    answer_call<double> whole = call_of(n, logits);
    whole.valid = nullptr;
    expected += reference::answer_span(whole).loss / 3;
    reference::answer_span_back(whole, 1.0 / 3,
                                rows_view<double>{&expected_gradient[std::size_t(2 * j.first_row[n])], 2});
  }
  execute(answer_span_operation<true>{}, c, j.view(), j.answers(), j.scale(), block_view<double>{{found, 2}, 1});
  execute(answer_span_gradient_operation<true>{}, c, j.view(), j.answers(), j.scale(),
          block_view<double>{{&found_with_gradient, 1}, 1}, block_view<double>{{gradient.data(), 2}, j.batch.rows});
  CHECK(found[0] == Approx(expected).epsilon(1e-13));
  CHECK(found[0] > judged_mean + 0.1);
  CHECK(found_with_gradient == found[0]);
  CHECK(gradient == expected_gradient);
}

TEST_CASE("counts an answer as right if both ends are, and leaves out a sequence without one", "[answer_span]") {
  judged_batch j;
  for (std::size_t n = 0; n < 3; ++n) {
    const std::size_t row = std::size_t(j.first_row[n]);
    j.logits[2 * (row + std::size_t(judged[n].first))] = 9;
    if (n != 1) j.logits[2 * (row + std::size_t(judged[n].last)) + 1] = 9;
    else j.logits[2 * (row + 2) + 1] = 9;
  }
  const inline_workers workers;
  const capacities reserved{3, 8, 0};
  double all[2], some[2], one[2];
  execute(answer_span_operation<>{}, call<inline_workers>{j.batch, reserved, workers}, j.view(), j.answers(), j.scale(),
          block_view<double>{{all, 2}, 1});
  CHECK(all[1] == 2);

  j.spans[0] = j.spans[1] = no_label;
  set_mean_scales<answer_span>(j.batch);
  CHECK(count_labels<answer_span>(j.batch)[0] == 2);
  CHECK(j.batch.answer_loss_scale == 0.5);
  std::vector<double> gradient(j.logits.size(), std::numeric_limits<double>::quiet_NaN());
  const call<inline_workers> c{j.batch, reserved, workers};
  execute(answer_span_operation<>{}, c, j.view(), j.answers(), j.scale(), block_view<double>{{some, 2}, 1});
  execute(answer_span_gradient_operation<>{}, c, j.view(), j.answers(), j.scale(), block_view<double>{{one, 1}, 1},
          block_view<double>{{gradient.data(), 2}, j.batch.rows});
  CHECK(some[1] == 1);
  CHECK(one[0] == some[0]);
  for (std::size_t i = 0; i < 10; ++i) CHECK(gradient[i] == 0);
  CHECK(gradient[10] != 0);
}

TEST_CASE("obeys the laws: models that answer questions", "[answer_span]") {
  check_verdict(examine_model<small_answerer, answer_span>());
  check_verdict(examine_model<answers_by_hidden_states, answer_span>());
}

TEST_CASE("computes the same from a head's logits as from hidden states of width two", "[answer_span]") {
  const auto values = testing::random_parameters<small_answerer>(4);
  const ragged_batch batch{capacities{2, 5, 0}, small_answerer::vocabulary};
  std::vector<float> a(std::size_t(values.size())), b = a;
  training_pass<small_answerer, answer_span, typeformer::batch<2>, tokens<5>> head;
  training_pass<answers_by_hidden_states, answer_span, typeformer::batch<2>, tokens<5>> hidden;
  loss_pass<small_answerer, answer_span, typeformer::batch<2>, tokens<5>> loss_pass_of_head;
  const float loss = *head.run(values.data(), a.data(), batch.view());
  CHECK(loss == *hidden.run(values.data(), b.data(), batch.view()));
  CHECK(a == b);
  CHECK(loss_pass_of_head.run(values.data(), batch.view())->loss() == Approx(loss).epsilon(1e-6));
}

TEST_CASE("finds the likeliest answer that does not end before it begins and is not too long", "[answer_span]") {
  const double logits[] = {0, 5, 3, 0, 1, 1, 0, 4, 2, 0};  // begin: 0 3 1 0 2, end: 5 0 1 4 0
  const rows_view<const double> view{logits, 2};
  const auto best = likeliest_answer(5, view, 5);
  CHECK(best.first == 1);
  CHECK(best.last == 3);
  CHECK(best.score == 7);
  const auto shorter = likeliest_answer(5, view, 2);  // of at most two tokens: 0 to 0, or 2 to 3, which comes later
  CHECK(shorter.first == 0);
  CHECK(shorter.last == 0);
  const std::uint8_t text[] = {0, 0, 1, 1, 1};
  const auto in_text = likeliest_answer(5, view, 5, text);
  CHECK(in_text.first == 2);
  CHECK(in_text.last == 3);
  const std::uint8_t none[5] = {};
  CHECK(likeliest_answer(5, view, 5, none).first == -1);
}

}  // namespace typeformer
