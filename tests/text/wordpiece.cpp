// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/text/wordpiece.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>

using typeformer::wordpiece;

namespace {

using ids = std::vector<std::int32_t>;
using pieces = std::vector<std::string>;

std::string file_of(const pieces& lines) {
  std::string file;
  for (const std::string& line : lines) file += line + "\n";
  return file;
}

std::string rejection(const std::string& file) {
  const auto vocabulary = wordpiece::parse(file);
  return vocabulary ? "accepted" : vocabulary.error().message();
}

pieces spelled(const wordpiece& vocabulary, const ids& tokens) {
  pieces spellings;
  for (const std::int32_t id : tokens) spellings.emplace_back(*vocabulary.piece(id));
  return spellings;
}

/// The definition, step by step: every end of every rest of the word, the longest first.
ids encode_by_definition(const pieces& vocabulary, const std::string& word) {
  ids tokens;
  for (std::size_t begin = 0; begin < word.size();) {
    std::size_t end = word.size();
    std::int32_t found = -1;
    for (; end > begin && found < 0; --end)
      for (std::size_t id = 0; id < vocabulary.size(); ++id)
        if (vocabulary[id] == (begin > 0 ? "##" : "") + word.substr(begin, end - begin))
          found = static_cast<std::int32_t>(id);
    if (found < 0) return {0};
    tokens.push_back(found);
    begin = end + 1;
  }
  return tokens;
}

}  // namespace

TEST_CASE("splits a word into the longest pieces from left to right", "[text]") {
  // The vocabulary and the cuts of the tests that Google publishes with BERT.
  const auto vocabulary =
      wordpiece::parse(file_of({"[UNK]", "[CLS]", "[SEP]", "want", "##want", "##ed", "wa", "un", "runn", "##ing"}));
  REQUIRE(vocabulary);
  CHECK(spelled(*vocabulary, vocabulary->encode("unwanted running")) ==
        pieces{"un", "##want", "##ed", "runn", "##ing"});
  CHECK(spelled(*vocabulary, vocabulary->encode("unwantedX running")) == pieces{"[UNK]", "runn", "##ing"});
  CHECK(vocabulary->encode("").empty());
  CHECK(vocabulary->encode(" \t\n\xC2\xA0\xE3\x80\x80").empty());
  CHECK(vocabulary->encode("\xE2\x80\xA9want\xC2\x85wa") == ids{3, 6});
  CHECK(*vocabulary->decode(vocabulary->encode("unwanted \n running")) == "unwanted running");
  CHECK(*vocabulary->decode(ids{5, 1, 0}) == "##ed [CLS] [UNK]");
  for (const std::int32_t wrong : {-1, vocabulary->size(), std::numeric_limits<std::int32_t>::max()}) {
    const std::string sentence =
        "expected an id from 0 to " + std::to_string(vocabulary->size() - 1) + ", found " + std::to_string(wrong);
    const auto text = vocabulary->decode(ids{5, 1, wrong});
    REQUIRE_FALSE(text);
    CHECK(text.error().message() == "token 2: " + sentence);
    const auto piece = vocabulary->piece(wrong);
    REQUIRE_FALSE(piece);
    CHECK(piece.error().message() == sentence);
    CHECK_FALSE(vocabulary->continues_word(wrong));
  }

  CHECK(vocabulary->continues_word(4));
  CHECK_FALSE(vocabulary->continues_word(3));
  CHECK(vocabulary->id_of("##ing") == 9);
  CHECK_FALSE(vocabulary->id_of("##in"));
  CHECK_FALSE(vocabulary->id_of(""));
  CHECK(vocabulary->size() == 10);
}

TEST_CASE("makes a word of more than 100 characters unknown", "[text]") {
  const auto vocabulary = wordpiece::parse("[UNK]\na\n##a\n\xF0\x9F\x98\x80\n##\xF0\x9F\x98\x80\n");
  REQUIRE(vocabulary);
  for (const std::string character : {"a", "\xF0\x9F\x98\x80"}) {
    std::string word;
    for (int i = 0; i < 100; ++i) word += character;
    CHECK(vocabulary->encode(word).size() == 100);
    CHECK(vocabulary->encode(word + character) == ids{0});
    CHECK(vocabulary->encode("a " + word + character + " a") == ids{1, 0, 1});
  }
}

TEST_CASE("returns special pieces one by one", "[text]") {
  const auto vocabulary = wordpiece::parse("[PAD]\r\n[UNK]\r\n[MASK]");
  REQUIRE(vocabulary);
  CHECK(vocabulary->unknown_id() == 1);
  CHECK(*vocabulary->padding_id() == 0);
  CHECK(*vocabulary->mask_id() == 2);
  CHECK(vocabulary->separator_id().error().message() == "the vocabulary of 3 pieces has no [SEP]");
  CHECK_FALSE(vocabulary->classification_id());
  CHECK(vocabulary->saved() == "[PAD]\n[UNK]\n[MASK]\n");
}

TEST_CASE("rejects an invalid vocabulary with what was found", "[text]") {
  CHECK(rejection("") == "expected a vocabulary with one piece a line, found no text");
  CHECK(rejection("[UNK]\nthe\na\nthe\n") == "expected a new piece in line 4, found \"the\" as in line 2");
  CHECK(rejection("the\n") == "expected the piece [UNK], found 1 pieces without it");
  CHECK(rejection("[UNK]\n\nthe\n") == "expected a piece in line 2, found an empty line");
  CHECK(rejection("[UNK]\nb\xFF\n") == "expected UTF-8, found an invalid sequence at byte 7");
  CHECK(rejection(std::string("[UNK]\n\0\n", 8)) ==
        "expected a text with one piece a line, found a zero byte at byte 6");
  CHECK(rejection("[UNK]\na\r\r\n") == "expected a piece in line 2, found one that ends in carriage returns");
  CHECK(rejection("[UNK]") == "accepted");

  const auto path = (std::filesystem::temp_directory_path() / "typeformer-wordpiece-vocab.txt").string();
  std::ofstream{path, std::ios::binary} << "[UNK]\nthe\nthe\n";
  CHECK(wordpiece::open(path).error().message() ==
        path + ": expected a new piece in line 3, found \"the\" as in line 2");
  std::filesystem::remove(path);
  CHECK(wordpiece::open(path).error().message() == path + ": cannot be opened: No such file or directory");
  CHECK_FALSE(wordpiece::open(std::filesystem::temp_directory_path().string()));
}

TEST_CASE("splits into the pieces of the definition", "[text]") {
  std::mt19937 random{20181011};
  const auto below = [&](std::size_t count) { return std::size_t(random() % count); };
  const pieces characters{"a", "b", "\xC3\xA9", "#"};
  const auto word_of = [&](std::size_t longest) {
    std::string word;
    for (std::size_t size = 1 + below(longest); size > 0; --size) word += characters[below(4)];
    return word;
  };
  std::size_t known = 0;
  for (int round = 0; round < 200; ++round) {
    pieces lines{"[UNK]"};
    for (std::size_t count = below(30); count > 0; --count) {
      std::string piece = (below(2) == 0 ? "" : "##") + word_of(3);
      if (std::find(lines.begin(), lines.end(), piece) == lines.end()) lines.push_back(piece);
    }
    const auto vocabulary = wordpiece::parse(file_of(lines));
    REQUIRE(vocabulary);
    for (int i = 0; i < 50; ++i) {
      const std::string word = word_of(8);
      const ids expected = encode_by_definition(lines, word), found = vocabulary->encode(word);
      if (found != expected) FAIL(word << " with\n" << file_of(lines));
      known += expected != ids{0};
    }
  }
  CHECK(known > 1000);
}

TEST_CASE("encodes or rejects any bytes", "[text]") {
  std::mt19937 random{7};
  std::size_t accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string file = "[UNK]\n##b\na\n\xC3\xA9\n", text;
    for (int changes = int(random() % 3); changes > 0; --changes)
      file[random() % file.size()] = static_cast<char>(random() % 256);
    for (std::size_t size = random() % 12; size > 0; --size)
      text += random() % 2 != 0 ? static_cast<char>(random() % 256) : "ab \xC3\xA9"[random() % 5];
    const auto vocabulary = wordpiece::parse(file);
    if (!vocabulary) continue;
    ++accepted;
    const auto restored = wordpiece::parse(vocabulary->saved());
    if (!restored || restored->saved() != vocabulary->saved()) FAIL(file);
    const ids tokens = vocabulary->encode(text);
    if (restored->encode(*vocabulary->decode(tokens)).size() > tokens.size()) FAIL(text);
  }
  CHECK(accepted > 1000);
}

TEST_CASE("decodes the pieces of Google's tokenizer with BERT's vocabulary", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  const auto vocabulary = wordpiece::open((folder / "bert/bert-base-uncased-vocab.txt").string());
  REQUIRE(vocabulary);
  CHECK(vocabulary->size() == 30522);
  CHECK(vocabulary->unknown_id() == 100);
  CHECK(*vocabulary->classification_id() == 101);
  CHECK(*vocabulary->separator_id() == 102);
  CHECK(*vocabulary->mask_id() == 103);

  std::ifstream lines{folder / "expected/bert_uncased.jsonl"};
  std::size_t judged = 0;
  for (std::string line; std::getline(lines, line);) {
    rapidjson::Document expected;
    expected.Parse(line.c_str());
    REQUIRE_FALSE(expected.HasParseError());
    std::string words;
    ids tokens;
    for (const auto& piece : expected["pieces"].GetArray()) {
      const std::string_view spelling{piece.GetString(), piece.GetStringLength()};
      if (spelling.size() > 2 && spelling.starts_with("##")) words += spelling.substr(2);
      else (words += ' ') += spelling;
    }
    for (const auto& id : expected["ids"].GetArray()) tokens.push_back(id.GetInt());
    if (vocabulary->encode(words) != tokens) FAIL_CHECK(line);
    if (*vocabulary->decode(tokens) != words.substr(words.empty() ? 0 : 1)) FAIL_CHECK(line);
    ++judged;
  }
  CHECK(judged > 900);
}

TEST_CASE("encodes a text that matches badly in linear time", "[text]") {
  std::string file = "[UNK]\n", piece;
  for (int size = 1; size < 100; ++size) file += (piece += 'a') + "b\n##" + piece + "\n";
  const auto vocabulary = wordpiece::parse(file + "a\n");
  REQUIRE(vocabulary);
  std::string text;
  for (int words = 0; words < 10'000; ++words) text += std::string(99, 'a') + "c ";
  text += std::string(1'000'000, 'a');
  const auto begin = std::chrono::steady_clock::now();
  const bool all_unknown = vocabulary->encode(text) == ids(10'001, 0);
  CHECK(all_unknown);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}
