// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <data/pretraining_support.hpp>
#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <typeformer/hosted/data/bert_instances.hpp>
#include <typeformer/hosted/data/recorded_batches.hpp>

namespace tf = typeformer;
using namespace tf::testing;

namespace {

/// The letters of a text without white space. ASCII letters are in lower case.
std::string letters_of(const std::string& text) {
  std::string letters;
  for (const char c : text)
    if (c != ' ' && c != '\r' && c != '\t') letters += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return letters;
}

/// The documents, without white space. In the text, blank lines separate them.
std::vector<std::string> documents_of(const std::filesystem::path& file) {
  std::vector<std::string> documents(1);
  std::istringstream lines(bytes_of_file(file));
  for (std::string line; std::getline(lines, line);) {
    if (letters_of(line).empty()) documents.emplace_back();
    documents.back() += letters_of(line);
  }
  std::erase(documents, "");
  return documents;
}

/// Which documents contain the text that pieces spell. Unknown pieces match any text.
std::vector<bool> documents_with(const std::vector<std::string>& documents, std::span<const std::int32_t> segment,
                                 const tf::wordpiece& pieces) {
  std::vector<bool> holds(documents.size(), true);
  std::string spelled;
  const auto ask = [&] {
    for (std::size_t d = 0; d < documents.size(); ++d)
      holds[d] = holds[d] && documents[d].find(spelled) != std::string::npos;
    spelled.clear();
  };
  for (const std::int32_t id : segment) {
    if (id == pieces.unknown_id()) ask();
    else spelled += pieces.piece(id)->substr(pieces.continues_word(id) ? 2 : 0);
  }
  ask();
  return holds;
}

struct stated {
  std::size_t instances, random_next, predictions, masked, random, kept;
};

}  // namespace

TEST_CASE("keeps the rules, and restores the text from the labels: Google's instances", "[pretraining]") {
  TYPEFORMER_NEEDS_SHARED(folder, "pretraining/bert");
  TYPEFORMER_NEEDS_SHARED(sample, "corpora/bert-sample/sample_text.txt");
  TYPEFORMER_NEEDS_SHARED(vocabulary_file, "tokenizers/bert/bert-base-uncased-vocab.txt");
  const auto pieces = tf::wordpiece::open(vocabulary_file.string());
  REQUIRE(pieces);
  const auto vocabulary = tf::pretraining_vocabulary::of(*pieces);
  REQUIRE(vocabulary);
  const auto documents = documents_of(sample);
  REQUIRE(documents.size() == 3);  // see sample_text.txt
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    const bool whole_words = entry.path().stem().string().ends_with("_wwm");
    const auto instances = tf::read_bert_instances(entry.path().string(), *pieces);
    if (!instances) FAIL(instances.error().message());
    stated found{instances->size(), 0, 0, 0, 0, 0};
    for (const tf::masked_instance& instance : *instances) {
      CHECK(broken_rule(instance, *vocabulary, {.whole_words = whole_words}).empty());
      const auto a = documents_with(documents, segment_of(instance, 0), *pieces);
      const auto b = documents_with(documents, segment_of(instance, 1), *pieces);
      CHECK(std::ranges::count(a, true) >= 1);
      CHECK(std::ranges::count(b, true) >= 1);
      bool in_one = false;
      for (std::size_t d = 0; d < documents.size(); ++d) in_one = in_one || (a[d] && b[d]);
      if (instance.label == 0) CHECK(in_one);
      found.random_next += instance.label == 1;
      for (std::size_t i = 0; i < instance.ids.size(); ++i) {
        if (instance.labels[i] == tf::no_label) continue;
        ++found.predictions;
        found.masked += instance.ids[i] == vocabulary->mask();
        found.kept += instance.ids[i] == instance.labels[i];
        found.random += instance.ids[i] != vocabulary->mask() && instance.ids[i] != instance.labels[i];
      }
    }
    if (whole_words) {
      CHECK(found.instances == 64);
    } else {
      CHECK(found.instances == 60);  // these numbers: pretraining/NOTES.md
      CHECK(found.random_next == 32);
      CHECK(found.predictions == 922);
      CHECK(found.masked == 722);
      CHECK(found.random == 104);
      CHECK(found.kept == 96);
    }

    auto batches = tf::recorded_batches<8, 128>::of(*instances);
    REQUIRE(batches);
    CHECK(batches->validation_batches() == 8);
    tf::index_type sequences = 0;
    for (tf::index_type part = 0; part < batches->validation_batches(); ++part) {
      const tf::token_batch batch = batches->validation_batch(part);
      for (tf::index_type s = 0; s < batch.sequences; ++s, ++sequences) {
        const tf::masked_instance& instance = instances->at(std::size_t(sequences));
        const tf::index_type first = batch.first_row[s], rows = batch.rows_of(s);
        REQUIRE(std::vector(batch.ids + first, batch.ids + first + rows) == instance.ids);
        REQUIRE(std::vector(batch.labels + first, batch.labels + first + rows) == instance.labels);
        REQUIRE(std::vector(batch.segments + first, batch.segments + first + rows) == instance.segments);
        REQUIRE(batch.sequence_labels[s] == instance.label);
        REQUIRE(batch.positions[first + rows - 1] == rows - 1);
      }
    }
    CHECK(sequences == tf::index_type(instances->size()));
    CHECK_FALSE(tf::recorded_batches<8, 127>::of(*instances));
    auto labeled = *instances;
    labeled.front().label = -7;
    CHECK_FALSE(tf::recorded_batches<8, 128>::of(labeled));
    labeled.front().label = -100;
    CHECK(tf::recorded_batches<8, 128>::of(labeled));
  }
  CHECK(files >= 1);
}

TEST_CASE("rejects a wrong list of instances with a sentence", "[pretraining]") {
  const auto pieces = tf::wordpiece::parse("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##c\n");
  REQUIRE(pieces);
  const std::string good =
      R"([{"tokens": ["[CLS]", "a", "[SEP]", "[MASK]", "##c", "[SEP]"], "ids": [2, 5, 3, 4, 7, 3],)"
      R"( "segment_ids": [0, 0, 0, 1, 1, 1], "is_random_next": false, "masked_lm_positions": [3],)"
      R"( "masked_lm_labels": ["b"], "masked_lm_ids": [6]}])";
  const auto read = tf::parse_bert_instances(good, "x.json", *pieces);
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  CHECK(read->front().tokens == std::vector<std::int32_t>{2, 5, 3, 6, 7, 3});
  CHECK(read->front().labels == std::vector<std::int32_t>{-100, -100, -100, 6, -100, -100});
  CHECK(read->front().label == 0);
  CHECK(read->front().roles[4] == tf::token_role::continues_word);
  CHECK_FALSE(read->front().label_was_free);

  const auto message = [&](const std::string& old, const std::string& replacement) {
    std::string text = good;
    text.replace(text.find(old), old.size(), replacement);
    const auto rejected = tf::parse_bert_instances(text, "x.json", *pieces);
    return rejected ? std::string{} : rejected.error().message();
  };
  CHECK(message("[2, 5,", "[2, 6,") == "x.json: instance 0: \"tokens\": expected the pieces that the ids stand for");
  CHECK(message("[2, 5,", "[2, 8,") == "x.json: instance 0: \"ids\": expected integers from 0 to below 8");
  CHECK(message("[2, 5,", "[2, -1,").find("\"ids\"") != std::string::npos);
  CHECK(message("[2, 5,", "[2, 5.5,").find("\"ids\"") != std::string::npos);
  CHECK(message("[2, 5,", "[2, 5, 5,").find("\"tokens\"") != std::string::npos);
  CHECK(message("[3]", "[6]") == "x.json: instance 0: \"masked_lm_positions\": expected integers from 0 to below 6");
  CHECK(message("[3]", "[3, 4]").find("\"masked_lm_ids\": expected as many") != std::string::npos);
  CHECK(message("[3]", "[3, 3]").find("\"masked_lm_ids\"") != std::string::npos);
  CHECK(message("[0, 0, 0", "[0, 2, 0").find("\"segment_ids\"") != std::string::npos);
  CHECK(message("[0, 0, 0", "[0, 0").find("\"segment_ids\": expected as many") != std::string::npos);
  CHECK(message("false", "1") == "x.json: instance 0: \"is_random_next\": expected a boolean");
  CHECK(message("\"is_random_next\"", "\"other\"").find("\"is_random_next\"") != std::string::npos);
  CHECK(message("[{", "{").find("invalid JSON") != std::string::npos);
  CHECK(message(good, "{}") == "x.json: no instances: expected a list of objects, found an object");
  CHECK(message(good, "[7]") == "x.json: instance 0: expected an object");
  CHECK(message(good, "").find("invalid JSON") != std::string::npos);
  const auto no_mask = tf::wordpiece::parse("[UNK]\n[CLS]\n[SEP]\n");
  REQUIRE(no_mask);
  const auto rejected = tf::parse_bert_instances(good, "x.json", *no_mask);
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().message() == "x.json: the vocabulary of 3 pieces has no [MASK]");
  CHECK_FALSE(tf::read_bert_instances("/nonexistent/x.json", *pieces));
}

TEST_CASE("rejects positions that do not ascend, so that no label is overwritten", "[pretraining]") {
  const auto pieces = tf::wordpiece::parse("[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n");
  REQUIRE(pieces);
  const auto rejected = tf::parse_bert_instances(
      R"([{"tokens": ["a", "a"], "ids": [4, 4], "segment_ids": [0, 0], "is_random_next": true,)"
      R"( "masked_lm_positions": [1, 1], "masked_lm_labels": ["a", "a"], "masked_lm_ids": [4, 4]}])",
      "x.json", *pieces);
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().message() == "x.json: instance 0: \"masked_lm_positions\": expected ascending numbers");
}
