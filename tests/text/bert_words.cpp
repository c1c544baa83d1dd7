// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>
#include <support/shared_data.hpp>

#if __has_include(<utf8proc.h>)
#include <chrono>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <rapidjson/document.h>

#include <typeformer/text/bert_words.hpp>
#include <typeformer/text/wordpiece.hpp>

using typeformer::bert_casing;
using typeformer::bert_words;

namespace {

using ids = std::vector<std::int32_t>;

rapidjson::Document parsed(const std::string& line) {
  rapidjson::Document document;
  document.Parse(line.c_str(), line.size());
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

std::string text_of(const rapidjson::Value& value) { return {value.GetString(), value.GetStringLength()}; }

/// How many lines of `expected` have the ids of the texts beside them.
void judge(const std::filesystem::path& folder, const char* expected, bert_casing casing) {
  const auto vocabulary = typeformer::wordpiece::open((folder / "bert/bert-base-uncased-vocab.txt").string());
  REQUIRE(vocabulary);
  std::ifstream texts{folder / "texts.jsonl"}, results{folder / expected};
  std::size_t judged = 0;
  for (std::string text_line, result_line; std::getline(texts, text_line) && std::getline(results, result_line);) {
    const auto text = parsed(text_line), result = parsed(result_line);
    REQUIRE(text_of(text["id"]) == text_of(result["id"]));
    ids tokens;
    for (const auto& id : result["ids"].GetArray()) tokens.push_back(id.GetInt());
    const ids found = vocabulary->encode(bert_words(text_of(text["text"]), casing));
    INFO(text_of(text["id"]) << ": " << text_of(text["text"]));
    if (found != tokens) CHECK(*vocabulary->decode(found) == *vocabulary->decode(tokens));
    ++judged;
  }
  CHECK(judged == 965);
}

}  // namespace

TEST_CASE("gives the ids of Google's BERT tokenizer, uncased", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  judge(folder, "expected/bert_uncased.jsonl", bert_casing::uncased);
}

TEST_CASE("gives the ids of Google's BERT tokenizer, cased", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  judge(folder, "expected/bert_uncased_vocab_nolower.jsonl", bert_casing::cased);
}
TEST_CASE("gives the ids that llama.cpp has for a BERT of the same vocabulary", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "tokenizers");
  const auto vocabulary = typeformer::wordpiece::open((folder / "bert/bert-base-uncased-vocab.txt").string());
  REQUIRE(vocabulary);
  std::ifstream input{folder / "llamacpp/bert-bge.inp"}, output{folder / "llamacpp/bert-bge.out"};
  const std::string all{std::istreambuf_iterator<char>{input}, {}}, mark = "\n__ggml_vocab_test__\n";
  std::size_t judged = 0;
  for (std::size_t begin = 0, end = 0; (end = all.find(mark, begin)) != all.npos; begin = end + mark.size()) {
    std::string line;
    REQUIRE(std::getline(output, line));
    std::istringstream numbers{line};
    const ids expected{std::istream_iterator<std::int32_t>{numbers}, {}};
    CHECK(vocabulary->encode(bert_words(std::string_view{all}.substr(begin, end - begin))) == expected);
    ++judged;
  }
  CHECK(judged == 46);
}

TEST_CASE("splits a text into words with one space between them", "[text]") {
  const auto cased = [](std::string_view text) { return bert_words(text, bert_casing::cased); };
  CHECK(bert_words("") == "");
  CHECK(bert_words(" \t\r\n\xC2\xA0\xE3\x80\x80") == "");
  CHECK(bert_words("\xC3\x84pfel, don't  GO!") == "apfel , don ' t go !");
  CHECK(cased("\xC3\x84pfel, don't  GO!") == "\xC3\x84pfel , don ' t GO !");
  CHECK(bert_words("a$b^c`d~e") == "a $ b ^ c ` d ~ e");
  CHECK(bert_words("a\u4E2D\u6587b\u3042\u3044") == "a \u4E2D \u6587 b\u3042\u3044");
  CHECK(bert_words("a\u200Bb\u00ADc\x01"
                   "d\v\fe\uFFFDf" +
                   std::string(1, '\0') + "g") == "abcdefg");
  CHECK(bert_words("a\u2028b\u0085c") == "a bc");
  CHECK(bert_words("a\xFF\xC3 b\xE4\xB8") == "a b");
  CHECK(bert_words("\uD55C") == "\u1112\u1161\u11AB");  // hangul is decomposed
  CHECK(cased("\uD55C") == "\uD55C");
  CHECK(bert_words("\u037E") == ";");  // the Greek question mark

  CHECK(bert_words("\u0130I") == "ii");
  CHECK(bert_words("\u039F\u0394\u039F\u03A3 \u03A3 \u039F\u03A3'\u03A3.") ==
        "\u03BF\u03B4\u03BF\u03C2 \u03C3 \u03BF\u03C3 ' \u03C2 .");  // sigma ends a word or does not
}

TEST_CASE("splits its own words into the same words, for any bytes", "[text]") {
  std::mt19937 random{14};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) {
      if (random() % 4 == 0) text += static_cast<char>(random() % 256);
      else {
        const auto c = static_cast<char32_t>(random() % (random() % 4 != 0 ? 0x3000 : 0x11'0000));
        typeformer::append_utf8(text, c >= 0xD800 && c < 0xE000 ? U'\u03A3' : c);
      }
    }
    for (const bert_casing casing : {bert_casing::cased, bert_casing::uncased}) {
      const std::string words = bert_words(text, casing);
      std::string joined;
      typeformer::for_each_word(words, [&](std::string_view word) { (joined += joined.empty() ? "" : " ") += word; });
      if (words != joined || typeformer::utf8_error(words) != words.size()) FAIL(text);
      if (bert_words(words, casing) != words) FAIL(text);
    }
  }
  SUCCEED("20000 texts");
}

TEST_CASE("takes no longer for long rows of accents and of sigmas", "[text]") {
  std::string marks = "a", sigmas = "a";
  for (int i = 0; i < 200'000; ++i)
    marks += i % 2 != 0 ? "\u0301" : "\u302E", sigmas += i % 2 != 0 ? "\u03A3" : "\u00B7";
  const auto begin = std::chrono::steady_clock::now();
  CHECK(bert_words(marks).size() == 1 + 100'000 * 3);
  CHECK(bert_words(sigmas).size() > 200'000);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}
#else
TEST_CASE("gives the ids of Google's BERT tokenizer") { typeformer::testing::report_skipped("no utf8proc.h"); }
#endif
