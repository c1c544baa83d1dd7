// SPDX-License-Identifier: BSL-1.0
// Numbers from the caller that sessions, forward passes and generators reject.
#include <limits>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/layer_session.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using problem = inference_error::problem;
using ids = std::vector<std::int32_t>;
struct small : gpt2<gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 11, .context = 8}> {};

constexpr index_type lowest = std::numeric_limits<index_type>::min(), highest = std::numeric_limits<index_type>::max();

template <class Result> void check_rejected(const Result& got, problem what, index_type sequence) {
  REQUIRE_FALSE(got);
  CHECK(got.error().what == what);
  CHECK(got.error().sequence == sequence);
  CHECK(got.error().message().view().size() > 10);
}
std::vector<std::span<const std::int32_t>> views(const std::vector<ids>& lists) { return {lists.begin(), lists.end()}; }

}  // namespace

TEST_CASE("rejects sequences outside the batch and changes nothing") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small, batch<2>, all_logits> run{values}, same{values};
  for (auto* s : {&run, &same}) REQUIRE(s->prefill(views({{1, 2, 3}, {4, 5}})));
  for (const index_type outside : {index_type{-1}, index_type{2}, index_type{7}, lowest, highest}) {
    INFO("sequence " << outside);
    check_rejected(run.logits(outside), problem::sequence_outside_batch, outside);
    check_rejected(run.logits(outside, 0), problem::sequence_outside_batch, outside);
    check_rejected(run.rows_with_logits(outside), problem::sequence_outside_batch, outside);
    check_rejected(run.length(outside), problem::sequence_outside_batch, outside);
    check_rejected(run.truncate(outside, 0), problem::sequence_outside_batch, outside);
    check_rejected(run.reset(outside), problem::sequence_outside_batch, outside);
    check_rejected(run.reorder(std::vector<index_type>{1, outside}), problem::sequence_outside_batch, 1);
    check_rejected(run.reorder(std::vector<index_type>{outside}), problem::sequence_outside_batch, 0);
    check_rejected(run.logits(1, outside), problem::token_without_logits, 1);
  }
  check_rejected(run.reorder(std::vector<index_type>{0, 1, 0}), problem::too_many_sequences, 0);
  for (const index_type negative : {index_type{-1}, index_type{-4}, lowest})
    check_rejected(run.truncate(0, negative), problem::negative_length, 0);
  CHECK(run.truncate(1, 5));
  CHECK(run.length() == 3);
  CHECK(*run.length(1) == 2);
  for (auto* s : {&run, &same}) REQUIRE(s->decode(ids{6, 7}));
  for (index_type s = 0; s < 2; ++s)
    for (std::size_t k = 0; k < 11; ++k) CHECK((*run.logits(s))[k] == (*same.logits(s))[k]);
}

TEST_CASE("has no logits before the first call, nor of sequences without tokens in it") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small, batch<3>> run{values};
  check_rejected(run.logits(0), problem::no_logits, 0);
  session<small, all_logits> all{values};
  check_rejected(all.logits(0), problem::no_logits, 0);
  CHECK(*all.rows_with_logits(0) == 0);
  REQUIRE(run.prefill(views({{1, 2}, {}})));
  CHECK(run.logits(0));
  check_rejected(run.logits(1), problem::no_logits, 1);
  check_rejected(run.logits(2), problem::no_logits, 2);
  REQUIRE(run.decode(ids{no_token, 3}));
  check_rejected(run.logits(0), problem::no_logits, 0);
  CHECK(run.logits(1));
}

TEST_CASE("takes -1 for no token, and no other negative number") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small, batch<2>> run{values};
  REQUIRE(run.prefill(views({{1, 2}, {3}})));
  for (const std::int32_t id : {-2, -100, std::numeric_limits<std::int32_t>::min(), 11})
    check_rejected(run.decode(ids{4, id}), problem::id_outside_vocabulary, 1);
  CHECK(run.length() == 2);
  check_rejected(run.decode(ids{no_token, no_token}), problem::no_tokens, 0);
  check_rejected(run.decode(ids{1, 2, 3}), problem::too_many_sequences, 0);
  session<small> one{values};
  check_rejected(one.decode(no_token), problem::id_outside_vocabulary, 0);
  REQUIRE(run.decode(ids{4, no_token}));
  CHECK(run.length() == 3);
}

TEST_CASE("keeps the logits of the last call after a rejected padded prompt") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small, batch<2>, all_logits> run{values};
  REQUIRE(run.prefill(views({{1, 2, 3}})));
  const std::span<const float> last = *run.logits(0);
  const std::vector<float> before{last.begin(), last.end()};
  run.reset();
  const ids four{1, 2, 3, 99}, good{1, 2, 3, 4};
  const std::vector<std::uint8_t> valid(4, 1);
  check_rejected(run.prefill(padded_tokens{four, valid, 2}), problem::id_outside_vocabulary, 1);
  check_rejected(run.prefill(padded_tokens{good, valid, -2}), problem::unequal_rows, 0);
  check_rejected(run.prefill(padded_tokens{good, valid, lowest}), problem::unequal_rows, 0);
  check_rejected(run.prefill(padded_tokens{.ids = good, .valid = valid, .length = 2, .segments = good}),
                 problem::input_is_not_read, 0);
  check_rejected(run.prefill(padded_tokens{.ids = good, .valid = valid, .length = 2, .positions = good}),
                 problem::input_is_not_read, 0);
  check_rejected(run.prefill(padded_tokens{good, valid, 2, true}), problem::input_is_not_read, 0);
  CHECK(*run.rows_with_logits(0) == 3);
  for (std::size_t k = 0; k < 11; ++k) CHECK((*run.logits(0))[k] == before[k]);
}

TEST_CASE("names a rejected token's place in its padded row and in the prompt of a generation") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small, batch<2>> run{values};
  const ids padded{1, 2, 3, 4, 5, 99};
  const std::vector<std::uint8_t> valid{1, 1, 1, 0, 1, 1};
  const auto rejected_row = run.prefill(padded_tokens{padded, valid, 3});
  check_rejected(rejected_row, problem::id_outside_vocabulary, 1);
  CHECK(rejected_row.error().row == 2);
  const auto rejected_list = run.prefill(views({{1}, {1, -4, 2}}));
  check_rejected(rejected_list, problem::id_outside_vocabulary, 1);
  CHECK(rejected_list.error().row == 1);
  CHECK_FALSE(rejected_list.error().in_source);
}

TEST_CASE("rejects numbers of rows that it has no room for: layer_session") {
  using alone = layer_session<linear<2>, width<3>, tokens<4>>;
  const weights<alone::model> values{testing::random_parameters<alone::model>(1)};
  alone run{values};
  const std::vector<float> x(15);
  for (const index_type rows : {index_type{0}, index_type{-1}, lowest})
    check_rejected(run.run(rows, {x.data(), 3}), problem::no_tokens, 0);
  for (const index_type rows : {index_type{5}, highest})
    check_rejected(run.run(rows, {x.data(), 3}), problem::too_many_tokens, 0);
  CHECK(run.run(4, {x.data(), 3}));
}

}  // namespace typeformer
