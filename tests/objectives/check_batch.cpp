// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <utility>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/objectives/check_batch.hpp>

using namespace typeformer;
using problem = batch_error::problem;

namespace {

/// Two sequences of 3 and 2 tokens within every limit. A test breaks one of their numbers.
struct small_batch {
  std::vector<index_type> first_row{0, 3, 5}, past{0, 9}, prefixes{3, 0};
  std::vector<std::int32_t> ids{0, 10, 4, 5, 6}, positions{0, 7, 2, 0, 1}, segments{0, 1, 1, 0, 0};
  std::vector<std::int32_t> labels{-100, 4, 0, -100, 3}, sequence_labels{1, -100}, answers{0, 2, -100, -100};
  std::vector<std::uint8_t> valid = std::vector<std::uint8_t>(12, 1);
  index_type sequences = 2, rows = 5, key_stride = 6;
  double scale = 1;
  const token_batch* source = nullptr;

  token_batch view() const {
    token_batch batch;
    batch.sequences = sequences;
    batch.rows = rows;
    batch.first_row = first_row.data();
    batch.past = past.data();
    batch.prefixes = prefixes.data();
    batch.ids = ids.data();
    batch.positions = positions.data();
    batch.segments = segments.data();
    batch.key_valid = valid.data();
    batch.key_stride = key_stride;
    batch.labels = labels.data();
    batch.sequence_labels = sequence_labels.data();
    batch.answer_spans = answers.data();
    batch.sequence_loss_scale = scale;
    batch.source = source;
    return batch;
  }
};

constexpr batch_limits limits{.reserved = {.batch = 2, .tokens = 4, .source = 3, .memory = 4},
                              .vocabulary = 11,
                              .context = 8,
                              .segments = 2,
                              .classes = 5,
                              .sequence_classes = 2,
                              .reads_answers = true};

batch_error error_of(const small_batch& broken, const batch_limits& of = limits) {
  const auto checked = check_batch(broken.view(), of);
  REQUIRE_FALSE(checked);
  CHECK_FALSE(checked.error().message().view().empty());
  return checked.error();
}
void check_error(const batch_error& error, problem what, index_type sequence, index_type row, std::int64_t got,
                 std::int64_t least, std::int64_t most) {
  CHECK(error.what == what);
  CHECK(error.sequence == sequence);
  CHECK(error.row == row);
  CHECK(error.got == got);
  CHECK(error.lowest == least);
  CHECK(error.highest == most);
}

}  // namespace

TEST_CASE("accepts a batch whose numbers are inside their tables, and at their ends", "[batch]") {
  CHECK(check_batch(small_batch{}.view(), limits));
  CHECK(check_batch(token_batch{}, limits));  // empty
}

TEST_CASE("rejects a number outside its table with sequence, row, value and limits", "[batch]") {
  for (const std::int32_t outside : {-1, -100, std::numeric_limits<std::int32_t>::min(), 11, 2147483647}) {
    small_batch ids, positions, segments, labels, sequence_labels;
    ids.ids[3] = positions.positions[3] = segments.segments[3] = outside;
    check_error(error_of(ids), problem::id_outside_vocabulary, 1, 3, outside, 0, 10);
    check_error(error_of(positions), problem::position_outside_context, 1, 3, outside, 0, 7);
    check_error(error_of(segments), problem::segment_outside_table, 1, 3, outside, 0, 1);
    if (outside == no_label) continue;
    labels.labels[2] = sequence_labels.sequence_labels[1] = outside;
    check_error(error_of(labels), problem::label_outside_classes, 0, 2, outside, 0, 4);
    check_error(error_of(sequence_labels), problem::sequence_label_outside_classes, 1, -1, outside, 0, 1);
  }
  batch_limits from_two_below = limits;
  from_two_below.lowest_position = -2;
  small_batch low;
  low.positions[0] = -2;
  CHECK(check_batch(low.view(), from_two_below));
  low.positions[0] = -3;
  CHECK(error_of(low, from_two_below).lowest == -2);
}

TEST_CASE("ignores what an objective or a model does not read", "[batch]") {
  batch_limits few = limits;
  few.classes = few.sequence_classes = few.segments = 0;
  few.reads_answers = false;
  small_batch wild;
  wild.labels[0] = wild.sequence_labels[0] = wild.segments[0] = wild.answers[0] = 1000;
  CHECK(check_batch(wild.view(), few));
}

TEST_CASE("rejects rows that are not consecutive or do not fit", "[batch]") {
  small_batch b;
  SECTION("longer than reserved") {
    b.first_row = {0, 0, 5};
    check_error(error_of(b), problem::too_many_tokens, 1, -1, 5, 0, 4);
  }
  SECTION("back") {
    b.first_row = {0, 3, 2};
    CHECK(error_of(b).what == problem::rows_do_not_follow);
  }
  SECTION("not from 0") {
    b.first_row = {1, 3, 5};
    CHECK(error_of(b).what == problem::rows_do_not_follow);
  }
  SECTION("other rows than the last sequence ends with") {
    b.rows = 6;
    CHECK(error_of(b).what == problem::rows_do_not_follow);
  }
  SECTION("too many sequences") {
    b.sequences = 3;
    check_error(error_of(b), problem::too_many_sequences, -1, -1, 3, 0, 2);
  }
  SECTION("a negative number of sequences") {
    b.sequences = -1;
    CHECK(error_of(b).what == problem::too_many_sequences);
  }
  SECTION("an empty sequence where something is delivered for it") {
    b.first_row = {0, 0, 4};
    b.rows = 4;
    batch_limits delivers = limits;
    delivers.delivers_sequences = true;
    check_error(error_of(b, delivers), problem::no_tokens, 0, -1, 0, 1, 4);
  }
}

TEST_CASE("rejects answers, prefixes, pasts and flags that do not fit their sequence", "[batch]") {
  small_batch b;
  SECTION("an answer behind its sequence") {
    b.answers[1] = 3;
    check_error(error_of(b), problem::answer_outside_sequence, 0, -1, 3, 0, 2);
  }
  SECTION("a negative begin that is not the one of no answer") {
    b.answers[0] = -1;
    CHECK(error_of(b).what == problem::answer_outside_sequence);
  }
  SECTION("an answer that ends before it begins") {
    b.answers = {2, 1, -100, -100};
    CHECK(error_of(b).what == problem::answer_outside_sequence);
  }
  SECTION("an answer at a hidden token") {
    b.valid[2] = 0;
    check_error(error_of(b), problem::answer_outside_sequence, 0, 2, 2, 0, -1);
  }
  SECTION("a prefix longer than its sequence") {
    b.prefixes[1] = 3;
    check_error(error_of(b), problem::prefix_outside_sequence, 1, -1, 3, 0, 2);
  }
  SECTION("a negative past") {
    b.past[1] = -1;
    CHECK(error_of(b).what == problem::past_is_out_of_range);
  }
  SECTION("fewer flags than keys, cached ones included") {
    b.key_stride = 5;
    CHECK(error_of(b).what == problem::too_few_flags);
  }
  SECTION("a scale that is not finite") {
    b.scale = std::numeric_limits<double>::quiet_NaN();
    CHECK(error_of(b).what == problem::scale_is_not_finite);
    b.scale = 1e300;  // no float
    CHECK(error_of(b).what == problem::scale_is_not_finite);
  }
}

TEST_CASE("rejects missing tables and sources, and sources outside their own vocabulary", "[batch]") {
  const small_batch whole;
  token_batch missing = whole.view();
  for (const std::int32_t** const table :
       {&missing.ids, &missing.positions, &missing.labels, &missing.sequence_labels}) {
    const std::int32_t* const kept = std::exchange(*table, nullptr);
    const auto checked = check_batch(missing, limits);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().what == problem::table_is_missing);
    *table = kept;
  }
  batch_limits reads = limits;
  reads.source_vocabulary = 20;
  reads.source_context = 3;
  reads.segments = 0;
  small_batch target, source;
  CHECK(error_of(target, reads).in_source);
  source.ids = {19, 0, 1, 2, 3};
  source.positions = {0, 1, 2, 0, 1};
  token_batch read = source.view();
  target.source = &read;
  CHECK(check_batch(target.view(), reads));
  source.ids[4] = 20;
  check_error(error_of(target, reads), problem::id_outside_vocabulary, 1, 4, 20, 0, 19);
  CHECK(error_of(target, reads).in_source);
  source.ids[4] = 3;
  source.positions[2] = 3;
  CHECK(error_of(target, reads).what == problem::position_outside_context);
  source.positions[2] = 2;
  read.sequences = 1;
  CHECK(error_of(target, reads).what == problem::other_sources);
  read.sequences = 2;
  source.first_row[1] = 0;
  CHECK(error_of(target, reads).what == problem::no_tokens);
}
