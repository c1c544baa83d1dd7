// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <set>
#include <string>
#include <vector>

#include <data/pretraining_support.hpp>
#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/data/document_file.hpp>
#include <typeformer/hosted/data/encoded_documents.hpp>
#include <typeformer/hosted/data/full_sentence_batches.hpp>
#include <typeformer/hosted/data/packed_windows.hpp>
#include <typeformer/hosted/data/sentence_pair_batches.hpp>
#include <typeformer/hosted/data/training_data.hpp>

namespace tf = typeformer;
using namespace tf::testing;

namespace {

/// Documents in several shards that record which shards were read.
struct sharded {
  std::vector<std::vector<tf::token_document>> documents;
  std::vector<std::size_t>* reads = nullptr;
  std::size_t shards() const { return documents.size(); }
  std::vector<tf::token_document> read(std::size_t shard) const {
    if (reads) reads->push_back(shard);
    return documents.at(shard);
  }
};
static_assert(tf::DocumentSource<sharded> && tf::DocumentSource<tf::token_documents>);
static_assert(tf::TrainingData<tf::sentence_pair_batches<8, 64>>);
static_assert(tf::TrainingData<tf::full_sentence_batches<8, 64, sharded>>);
static_assert(tf::TrainingData<tf::packed_windows<8, 64>> && tf::TrainingData<tf::recorded_batches<8, 64>>);

using tokens = std::vector<std::int32_t>;

/// The contents of a batch, to compare and to keep.
struct copied {
  std::vector<tokens> ids, labels, segments, positions;
  tokens sequence_labels;
  friend bool operator==(const copied&, const copied&) = default;
};
copied copy_of(const tf::token_batch& batch) {
  copied copy;
  for (tf::index_type s = 0; s < batch.sequences; ++s) {
    const auto part = [&](const std::int32_t* all) {
      return tokens(all + batch.first_row[s], all + batch.first_row[s + 1]);
    };
    copy.ids.push_back(part(batch.ids));
    copy.labels.push_back(part(batch.labels));
    copy.segments.push_back(part(batch.segments));
    copy.positions.push_back(part(batch.positions));
    copy.sequence_labels.push_back(batch.sequence_labels[s]);
  }
  return copy;
}
/// The sequences before tokens were hidden.
std::vector<tokens> restored(const copied& batch) {
  std::vector<tokens> all = batch.ids;
  for (std::size_t s = 0; s < all.size(); ++s)
    for (std::size_t i = 0; i < all[s].size(); ++i)
      if (batch.labels[s][i] != tf::no_label) all[s][i] = batch.labels[s][i];
  return all;
}

sharded shards_of(std::size_t shards, std::size_t documents, const tf::pretraining_vocabulary& vocabulary) {
  sharded source;
  for (std::size_t s = 0; s < shards; ++s) source.documents.push_back(random_documents(documents, vocabulary, 100 + s));
  return source;
}

template <class Batches> std::vector<copied> first_batches(Batches& batches, std::uint64_t count) {
  std::vector<copied> copies;
  for (std::uint64_t n = 0; n < count; ++n) copies.push_back(copy_of(*batches.training_batch(n)));
  return copies;
}

}  // namespace

TEST_CASE("makes a batch of pairs from seed and number, whatever was requested before", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  const auto drawing = GENERATE(tf::mask_drawing::every_time, tf::mask_drawing::once_an_instance);
  using pairs = tf::sentence_pair_batches<4, 64, sharded>;
  const auto made = [&](std::uint64_t seed) {
    auto batches = pairs::of(shards_of(3, 5, vocabulary), random_documents(7, vocabulary, 1),
                             tf::sentence_pairs{vocabulary, {.tokens = 64}},
                             {.instances = {.seed = seed, .editions = 2}, .drawing = drawing});
    REQUIRE(batches);
    return std::move(*batches);
  };
  auto in_order = made(1), backwards = made(1), other = made(2);
  const auto expected = first_batches(in_order, 60);
  for (std::uint64_t n = 60; n-- > 0;) REQUIRE(copy_of(*backwards.training_batch(n)) == expected[n]);
  CHECK(first_batches(other, 1) != std::vector<copied>(expected.begin(), expected.begin() + 1));
  for (const copied& batch : expected) {
    REQUIRE(batch.ids.size() == 4);
    for (std::size_t s = 0; s < 4; ++s) {
      tf::masked_instance instance;
      instance.tokens = restored(batch)[s];
      instance.ids = batch.ids[s], instance.labels = batch.labels[s], instance.segments = batch.segments[s];
      instance.label = batch.sequence_labels[s];
      for (const std::int32_t id : instance.tokens) instance.roles.push_back(vocabulary.role_of(id));
      REQUIRE(broken_rule(instance, vocabulary, {.tokens = 64}).empty());
      for (std::size_t i = 0; i < instance.ids.size(); ++i) REQUIRE(batch.positions[s][i] == std::int32_t(i));
    }
  }
}

TEST_CASE("repeats static masks with their instance, but not dynamic ones", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  for (const auto drawing : {tf::mask_drawing::once_an_instance, tf::mask_drawing::every_time}) {
    auto batches = tf::sentence_pair_batches<1, 64>::of(
        tf::token_documents{random_documents(9, vocabulary, 2)}, random_documents(3, vocabulary, 1),
        tf::sentence_pairs{vocabulary, {.tokens = 64}}, {.instances = {.seed = 4, .editions = 2}, .drawing = drawing});
    REQUIRE(batches);
    const std::uint64_t epoch = std::uint64_t(batches->batches_per_epoch());
    REQUIRE(epoch > 10);
    std::vector<std::map<tokens, tokens>> masks(4);  // of the tokens of epochs 0 to 3
    std::vector<std::vector<tokens>> order(4);
    for (std::size_t e = 0; e < 4; ++e)
      for (std::uint64_t n = 0; n < epoch; ++n) {
        const copied batch = copy_of(*batches->training_batch(e * epoch + n));
        masks[e][restored(batch)[0]] = batch.ids[0];
        order[e].push_back(restored(batch)[0]);
      }
    std::size_t again = 0, same_mask = 0;
    for (const auto& [text, mask] : masks[2])
      if (const auto before = masks[0].find(text); before != masks[0].end()) {
        ++again;
        same_mask += before->second == mask;
      }
    CHECK(again == epoch);  // one shard, whose edition 0 fills an epoch exactly
    CHECK(order[0] != order[2]);
    if (drawing == tf::mask_drawing::once_an_instance) CHECK(same_mask == again);
    else CHECK(same_mask < again / 4);
    CHECK(masks[1] != masks[0]);
  }
}

TEST_CASE("visits each shard once per epoch, one at a time, in an order that differs between epochs", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  std::vector<std::size_t> reads;
  sharded source = shards_of(7, 3, vocabulary);
  source.documents[2].clear();  // a shard in which no document begins
  source.reads = &reads;
  auto stream = tf::instance_stream<sharded, tf::sentence_pairs>::of(
      source, tf::sentence_pairs{vocabulary, {.tokens = 64}}, {.seed = 3, .instances_per_visit = 5});
  REQUIRE(stream);
  CHECK(reads == std::vector<std::size_t>{0});
  CHECK(stream->instances_per_epoch() == 35);
  std::set<std::vector<std::size_t>> orders;
  for (std::uint64_t epoch = 0; epoch < 5; ++epoch) {
    reads.clear();
    for (std::uint64_t n = 0; n < 35; ++n) {
      const auto drawn = (*stream)[epoch * 35 + n];
      REQUIRE(drawn);
      REQUIRE(drawn->shard != 2);
      REQUIRE(drawn->edition == epoch);
      REQUIRE(drawn->number < 100);
    }
    REQUIRE(reads.size() == 8);  // and the one after the empty one
    CHECK(std::set(reads.begin(), reads.end()).size() == 7);
    orders.insert(reads);
  }
  CHECK(orders.size() > 1);
}

TEST_CASE("goes through all instances before one comes again if a visit wants more than a shard has", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  auto stream = tf::instance_stream<sharded, tf::sentence_pairs>::of(
      shards_of(1, 4, vocabulary), tf::sentence_pairs{vocabulary, {.tokens = 64}}, {.editions = 1});
  REQUIRE(stream);
  const std::uint64_t size = stream->instances_per_visit();
  auto longer = tf::instance_stream<sharded, tf::sentence_pairs>::of(shards_of(1, 4, vocabulary),
                                                                     tf::sentence_pairs{vocabulary, {.tokens = 64}},
                                                                     {.editions = 1, .instances_per_visit = 3 * size});
  REQUIRE(longer);
  for (std::uint64_t round = 0; round < 3; ++round) {
    std::set<std::uint64_t> numbers;
    for (std::uint64_t i = 0; i < size; ++i) numbers.insert((*longer)[round * size + i]->number);
    CHECK(numbers.size() == size);
  }
}

TEST_CASE("validates the held-out documents once, with the same masks each time", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  const auto held_out = random_documents(12, vocabulary, 21);
  auto batches = tf::sentence_pair_batches<8, 64>::of(
      tf::token_documents{random_documents(4, vocabulary, 2)}, held_out,
      tf::sentence_pairs{vocabulary, {.relation = tf::pair_relation::sentence_order, .tokens = 64}});
  REQUIRE(batches);
  std::vector<copied> first;
  for (tf::index_type part = 0; part < batches->validation_batches(); ++part)
    first.push_back(copy_of(batches->validation_batch(part)));
  std::size_t sequences = 0;
  for (std::size_t part = 0; part < first.size(); ++part) {
    REQUIRE(batches->training_batch(part));
    CHECK(copy_of(batches->validation_batch(tf::index_type(part))) == first[part]);
    CHECK(first[part].ids.size() <= 8);
    sequences += first[part].ids.size();
  }
  CHECK(sequences > 12);
  CHECK(first.size() == (sequences + 7) / 8);
}

TEST_CASE("fills RoBERTa's instances with whole sentences", "[pretraining]") {
  const auto vocabulary = vocabulary_of(5005);
  auto documents = random_documents(40, vocabulary, 31);
  struct place {
    std::size_t document, sentence;
  };
  std::map<std::int32_t, place> place_of;  // of a sentence, by its first token, which occurs nowhere else
  for (std::size_t d = 0; d < documents.size(); ++d)
    for (std::size_t s = 0; s < documents[d].size(); ++s) {
      for (std::int32_t& token : documents[d][s])
        if (token < 1000) token += 1000;
      place_of[documents[d][s][0] = first_piece + std::int32_t(place_of.size())] = {d, s};
    }
  REQUIRE(place_of.size() < 900);
  tf::philox generator{3};
  const auto instances = tf::full_sentences{vocabulary, {.tokens = 64}}(documents, generator);
  std::size_t found = 0, size_before = 64;
  place before{documents.size(), 0};
  std::set<std::size_t> begun;
  for (const auto& instance : instances) {
    REQUIRE(instance.tokens.size() <= 64);
    REQUIRE(instance.tokens.front() == vocabulary.classification());
    REQUIRE(instance.tokens.back() == vocabulary.separator());
    REQUIRE(instance.label == tf::no_label);
    REQUIRE(instance.segments == tokens(instance.tokens.size(), 0));
    for (std::size_t i = 1; i + 1 < instance.tokens.size(); ++found) {
      const bool separated = instance.tokens[i] == vocabulary.separator();
      i += separated;
      const place here = place_of.at(instance.tokens[i]);
      const bool same_document = here.document == before.document;
      const tokens& sentence = documents[here.document][here.sentence];
      if (i == 1) REQUIRE(size_before + (same_document ? 0 : 1) + sentence.size() > 64);  // it did not fit before
      else REQUIRE(separated == !same_document);
      if (same_document) REQUIRE(here.sentence == before.sentence + 1);
      else REQUIRE((here.sentence == 0 && begun.insert(here.document).second));
      REQUIRE(std::equal(sentence.begin(), sentence.end(), instance.tokens.begin() + std::ptrdiff_t(i)));
      i += sentence.size();
      before = here;
    }
    size_before = instance.tokens.size();
  }
  CHECK(found == place_of.size());

  // Sentence by sentence, by hand.
  const std::vector<tf::token_document> one{{{10, 11, 12}, {13, 14}, {15, 16, 17, 18, 19, 20, 21}, {}, {22}}};
  const auto packed = tf::full_sentences{vocabulary, {.tokens = 7}}(one, generator);
  REQUIRE(packed.size() == 3);
  CHECK(packed[0].tokens == tokens{2, 10, 11, 12, 13, 14, 3});
  CHECK(packed[1].tokens == tokens{2, 15, 16, 17, 18, 19, 3});
  CHECK(packed[2].tokens == tokens{2, 20, 21, 22, 3});

  auto batches =
      tf::full_sentence_batches<4, 64>::of(tf::token_documents{documents}, random_documents(3, vocabulary, 1),
                                           tf::full_sentences{vocabulary, {.tokens = 64}});
  REQUIRE(batches);
  const tf::token_batch batch = *batches->training_batch(3);
  for (tf::index_type s = 0; s < batch.sequences; ++s) CHECK(batch.sequence_labels[s] == tf::no_label);
}

TEST_CASE("predicts every token of the documents once per epoch in packed windows", "[pretraining]") {
  const bool across = GENERATE(true, false);
  constexpr std::int32_t end = 1;
  std::vector<tf::token_document> documents;
  std::int32_t next = 10;
  for (int d = 0; d < 30; ++d) {
    documents.push_back({{}, {}});
    for (int i = 0; i < 7 + 5 * d; ++i) documents.back()[std::size_t(i % 2)].push_back(next++);
  }
  documents.push_back({});
  const tf::packed_window_options options{
      .vocabulary = next, .end_of_document = end, .predicts_across_documents = across};
  auto windows = tf::packed_windows<1, 16>::of(tf::token_documents{documents}, documents, options, {.editions = 1});
  REQUIRE(windows);
  std::map<std::int32_t, std::int32_t> follower;  // within documents
  std::set<std::int32_t> firsts;
  for (const auto& document : documents) {
    const tokens text = flat(document);
    if (text.empty()) continue;
    firsts.insert(text.front());
    for (std::size_t i = 0; i < text.size(); ++i) follower[text[i]] = i + 1 < text.size() ? text[i + 1] : end;
  }
  std::map<std::int32_t, int> seen;
  tf::index_type ends = 0, labeled_ends = 0;
  const auto look_at = [&](const tf::token_batch& batch) {
    for (tf::index_type s = 0; s < batch.sequences; ++s) REQUIRE(batch.rows_of(s) <= 16);
    for (tf::index_type row = 0; row < batch.rows; ++row) {
      const std::int32_t id = batch.ids[row], label = batch.labels[row];
      if (id == end) {
        ++ends;
        labeled_ends += label != tf::no_label;
        REQUIRE((label == tf::no_label || firsts.contains(label)));
      } else {
        ++seen[id];
        REQUIRE(label == follower.at(id));
      }
      if (row + 1 < batch.rows && label != tf::no_label) REQUIRE(batch.ids[row + 1] == label);
    }
  };
  const bool training = GENERATE(true, false);
  if (training)
    for (tf::index_type n = 0; n < windows->batches_per_epoch(); ++n)
      look_at(*windows->training_batch(std::uint64_t(n)));
  else
    for (tf::index_type part = 0; part < windows->validation_batches(); ++part)
      look_at(windows->validation_batch(part));
  CHECK(seen.size() == follower.size());
  CHECK(std::ranges::all_of(seen, [](const auto& token) { return token.second == 1; }));
  CHECK(ends <= 29);  // the last document's is only predicted; a window of an end alone may be left out
  CHECK(ends >= 27);
  CHECK(labeled_ends == (across ? 29 : 0));
}

TEST_CASE("streams documents from a file", "[pretraining]") {
  const scratch_folder folder;
  std::string text;
  for (int d = 0; d < 40; ++d) {
    for (int s = 0; s < 5; ++s) text += "a b ac b a b ac\n";
    text += "\n";
  }
  write_file(folder / "text.txt", text);
  const auto pieces = tf::wordpiece::parse("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##c\n");
  REQUIRE(pieces);
  auto file = tf::document_file::open(folder / "text.txt", {.shard_bytes = 500});
  REQUIRE(file);
  REQUIRE(file->shards() > 3);
  const auto vocabulary = tf::pretraining_vocabulary::of(*pieces);
  REQUIRE(vocabulary);
  tf::encoded_documents source{std::move(*file), [&](std::string_view part) { return pieces->encode(part); }};
  auto batches = tf::sentence_pair_batches<2, 32, decltype(source)>::of(
      std::move(source), random_documents(3, *vocabulary, 1), tf::sentence_pairs{*vocabulary, {.tokens = 32}});
  REQUIRE(batches);
  for (std::uint64_t n = 0; n < 30; ++n) {
    const copied batch = copy_of(*batches->training_batch(n));
    REQUIRE(batch.ids.size() == 2);
    for (const tokens& sequence : restored(batch))
      for (const std::int32_t id : sequence) REQUIRE((id >= 2 && id != 4));
  }
}

TEST_CASE("rejects a token outside the vocabulary in a shard that is read later", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  const auto good = random_documents(3, vocabulary, 1);
  sharded source = shards_of(3, 4, vocabulary);
  source.documents[2][1][0].at(1) = 505;
  const auto check = [&](auto batches) {
    REQUIRE(batches);
    for (int again = 0; again < 2; ++again) {  // the error stays, and so do the valid shards
      std::size_t rejected = 0;
      for (std::uint64_t n = 0; n < 200; ++n)
        if (const auto batch = batches->training_batch(n); !batch) {
          ++rejected;
          REQUIRE(batch.error().what == tf::training_error::problem::outside_vocabulary);
          REQUIRE(batch.error().message() ==
                  "shard 2: document 1, part 0, token 1: expected tokens from 0 to 504, found 505");
        }
      CHECK(rejected > 0);
      CHECK(rejected < 200);
    }
  };
  check(tf::sentence_pair_batches<1, 32, sharded>::of(source, good, tf::sentence_pairs{vocabulary, {.tokens = 32}}));
  check(tf::full_sentence_batches<1, 32, sharded>::of(source, good, tf::full_sentences{vocabulary, {.tokens = 32}}));
  check(tf::packed_windows<1, 32, sharded>::of(source, good, {.vocabulary = 505}));
}

TEST_CASE("names a file whose later part has a token outside the vocabulary", "[pretraining]") {
  const scratch_folder folder;
  const std::string path = folder / "text.txt";
  write_file(path, "aaaa\n\naaaa\n\naaza\n\naaaa\n");
  auto file = tf::document_file::open(path, {.shard_bytes = 6});
  REQUIRE(file);
  tf::encoded_documents source{std::move(*file),
                               [](std::string_view part) { return tokens(part.begin(), part.end()); }};
  auto windows = tf::packed_windows<1, 5, decltype(source)>::of(std::move(source), {{{1}}}, {.vocabulary = 'y'});
  REQUIRE(windows);
  std::string message;
  for (std::uint64_t n = 0; n < 8; ++n)
    if (const auto batch = windows->training_batch(n); !batch) message = batch.error().message();
  CHECK(message == path + ": shard 2: document 0, part 0, token 2: expected tokens from 0 to 120, found 122");
}

TEST_CASE("rejects more instances than can be counted", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  using stream = tf::instance_stream<sharded, tf::sentence_pairs>;
  const auto made = [&](std::uint64_t instances) {
    return stream::of(shards_of(3, 4, vocabulary), tf::sentence_pairs{vocabulary, {.tokens = 64}},
                      {.instances_per_visit = instances});
  };
  constexpr std::uint64_t most = tf::most_instances_per_epoch / 3;
  REQUIRE(made(most));
  CHECK(made(most)->instances_per_epoch() == 3 * most);
  for (const std::uint64_t many : {most + 1, ~std::uint64_t{0}}) {
    const auto rejected = made(many);
    REQUIRE_FALSE(rejected);
    CHECK(rejected.error().message() == "instances_per_visit: expected a number from 0 to " + std::to_string(most) +
                                            ", found " + std::to_string(many));
  }
}

TEST_CASE("rejects pre-training data that cannot be used", "[pretraining]") {
  const auto vocabulary = vocabulary_of(505);
  const auto good = random_documents(3, vocabulary, 1);
  const auto message = [&](const std::vector<tf::token_document>& training,
                           const std::vector<tf::token_document>& validation, tf::index_type tokens) {
    const auto batches = tf::sentence_pair_batches<2, 32>::of(tf::token_documents{training}, validation,
                                                              tf::sentence_pairs{vocabulary, {.tokens = tokens}});
    return batches ? std::string{} : batches.error().message();
  };
  CHECK(message(good, good, 32).empty());
  CHECK(message({}, good, 32) == "expected documents to train on, found none long enough in 1 shard");
  CHECK(message({{{}}, {}}, good, 32) == "expected documents to train on, found none long enough in 1 shard");
  CHECK(message(good, {}, 32) == "the documents held out for validation give no instance");
  CHECK(message({{{7, 505}}}, good, 32) ==
        "shard 0: document 0, part 0, token 1: expected tokens from 0 to 504, found 505");
  CHECK(message(good, {{{-1}}}, 32) == "document 0, part 0, token 0: expected tokens from 0 to 504, found -1");
  CHECK(message(good, good, 33) == "expected instances of at most 32 tokens, found 33");
  CHECK_FALSE(tf::pretraining_vocabulary::of(4, {2, 3, 4}, [](std::int32_t) { return false; }));
  const auto windows =
      tf::packed_windows<2, 8>::of(tf::token_documents{good}, good, {.vocabulary = 505, .end_of_document = 505});
  REQUIRE_FALSE(windows);
  CHECK(windows.error().message() ==
        "end_of_document: expected a token of the vocabulary, which ends at 505, found 505");
  const auto empty = tf::packed_windows<2, 8>::of(tf::token_documents{good}, {}, {.vocabulary = 505});
  REQUIRE_FALSE(empty);
  CHECK(empty.error().message() == "the documents held out for validation have no tokens");
}
