// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/normalizers.hpp>
#include <typeformer/text/post_processors.hpp>
#include <typeformer/text/pre_tokenizers.hpp>
#include <typeformer/text/sentencepiece_file.hpp>
#include <typeformer/text/tokenizer.hpp>

#include <support/catch.hpp>

using namespace typeformer;
using ids_type = std::vector<std::int32_t>;

namespace {

template <class Step> aligned_text normalized(const Step& step, std::string_view text) {
  aligned_text changed{text, 0, true};
  CHECK(normalizers::apply(step, changed));
  CHECK(changed.origins.size() == changed.text.size());
  return changed;
}

std::vector<std::string> split_by(const pre_tokenizers::step& step, std::string_view text) {
  split_text words{text, 0, true};
  CHECK(std::visit([&](const auto& each) { return pre_tokenizers::apply(each, words); }, step));
  std::vector<std::string> found;
  for (const text_range& each : words.words()) found.emplace_back(words.word(each));
  return found;
}

std::string with_length(std::string_view bytes) { return std::string(1, char(bytes.size())) + std::string(bytes); }
/// A piece of a SentencePiece model in its wire format.
std::string piece(std::string_view text, float score, int type) {
  const auto bits = std::bit_cast<std::uint32_t>(score);
  std::string message = "\x0A" + with_length(text) + "\x15";
  for (int shift = 0; shift < 32; shift += 8) message += char(bits >> shift & 255);
  return "\x0A" + with_length(message + "\x18" + char(type));
}
std::string model_of(int algorithm, std::string_view pieces) {
  return std::string(pieces) + "\x12" + with_length(std::string("\x18") + char(algorithm));
}

}  // namespace

TEST_CASE("normalizes text and keeps where it came from", "[text]") {
  const auto composed = normalized(normalizers::form{normalization_form::nfc}, "xe\xCC\x81y");
  CHECK(composed.text == "x\xC3\xA9y");
  CHECK(composed.origins[1] == text_range{1, 2});
  CHECK(composed.origins[3] == text_range{4, 5});
  CHECK(normalized(normalizers::form{normalization_form::nfkd}, "\xEF\xAC\x81").text == "fi");
  CHECK(normalized(normalizers::form{normalization_form::nfd}, "\xED\x95\x9C").text.size() == 9);
  CHECK(normalized(normalizers::form{normalization_form::nfkc}, "\xEF\xBC\xA1\xE2\x91\xA0").text == "A1");
  CHECK(normalized(normalizers::lowercase{}, "\xC4\xB0X").text == "i\xCC\x87x");
  CHECK(normalized(normalizers::strip{}, " \xC2\xA0 a b \n").text == "a b");
  CHECK(normalized(normalizers::prepend{"__"}, "a").origins[2] == text_range{0, 1});
  CHECK(normalized(normalizers::prepend{"__"}, "").text.empty());
  CHECK(normalized(normalizers::nmt{}, "a\tb\x01").text == "a b");
  const normalizers::bert bert{};
  CHECK(normalized(bert, "\xC3\x89t\xC3\xA9\x01\xE6\x97\xA5").text == "ete \xE6\x97\xA5 ");
  const auto spelled = normalized(normalizers::byte_level{}, " \xC3\xA9");
  CHECK(spelled.text == "\xC4\xA0\xC3\x83\xC2\xA9");
  CHECK(spelled.origins[4] == text_range{1, 3});
  CHECK(byte_alphabet::bytes_of(spelled.text) == " \xC3\xA9");
}

TEST_CASE("sorts long runs of combining marks", "[text]") {
  std::string marks = "a", sorted = "a";
  for (int i = 0; i < 100; ++i) marks += "\xCC\x81\xCC\xA3";  // above, below
  for (int i = 0; i < 100; ++i) sorted += "\xCC\xA3";
  for (int i = 0; i < 100; ++i) sorted += "\xCC\x81";
  CHECK(normalized(normalizers::form{normalization_form::nfd}, marks).text == sorted);
}

TEST_CASE("splits text at patterns in five ways", "[text]") {
  const auto by = [](split_behavior behavior, bool is_inverted = false) {
    return split_by(pre_tokenizers::split{text_pattern{std::string("-")}, behavior, is_inverted},
                    "the-final--countdown-");
  };
  using words = std::vector<std::string>;
  CHECK(by(split_behavior::removed) == words{"the", "final", "countdown"});
  CHECK(by(split_behavior::isolated) == words{"the", "-", "final", "-", "-", "countdown", "-"});
  CHECK(by(split_behavior::merged_with_previous) == words{"the-", "final-", "-", "countdown-"});
  CHECK(by(split_behavior::merged_with_next) == words{"the", "-final", "-", "-countdown", "-"});
  CHECK(by(split_behavior::contiguous) == words{"the", "-", "final", "--", "countdown", "-"});
  CHECK(by(split_behavior::removed, true) == words{"-", "-", "-", "-"});
  CHECK(split_by(pre_tokenizers::metaspace{}, "a  b") == words{"\xE2\x96\x81"
                                                               "a",
                                                               "\xE2\x96\x81",
                                                               "\xE2\x96\x81"
                                                               "b"});
  CHECK(split_by(pre_tokenizers::fixed_length{2},
                 "\xC3\xA9"
                 "abcd") == words{"\xC3\xA9"
                                  "a",
                                  "bc", "d"});
  CHECK(split_by(pre_tokenizers::bert{}, "it's \xE2\x80\x9Cok\xE2\x80\x9D").size() == 6);
  CHECK(split_by(pre_tokenizers::byte_level{}, "a b") == words{"\xC4\xA0"
                                                               "a",
                                                               "\xC4\xA0"
                                                               "b"});
}

TEST_CASE("reads a SentencePiece model and nothing beyond its bytes", "[text]") {
  const std::string space = "\xE2\x96\x81";
  const std::string pieces = piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece(space, -2, 1) + piece("a", -3, 1) +
                             piece("b", -3, 1) + piece("ab", -1, 1) + piece(space + "ab", -1.5f, 1) +
                             piece("[x]", 0, 4);
  for (const int algorithm : {1, 2}) {
    auto with = parse_sentencepiece_model(model_of(algorithm, pieces));
    if (!with) FAIL(with.error().message());
    CHECK(*with->encode_ids("  ab   b ") == ids_type{6, 2, 4});
    CHECK(*with->encode_ids("a[x]zz") == ids_type{2, 3, 7, 0});
    CHECK(with->decode(ids_type{1, 6, 2, 4, 0}) == "ab b \xE2\x81\x87 ");
    const auto encoded = with->encode(" ab  b");
    CHECK(encoded->offsets == std::vector<text_range>{{1, 3}, {3, 5}, {5, 6}});
  }
  const std::string whole = model_of(1, pieces);
  std::mt19937 random{7};
  for (std::size_t size = 0; size < whole.size(); ++size) (void)parse_sentencepiece_model(whole.substr(0, size));
  int accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (int count = 0; count < 3; ++count) damaged[random() % damaged.size()] = char(random());
    auto with = parse_sentencepiece_model(damaged);
    if (with) accepted += with->encode_ids("ab [x] \xF0\x9F\x98\x81").has_value();
  }
  CHECK(accepted > 0);
  CHECK(parse_sentencepiece_model("").error().message() == "not a SentencePiece model: expected pieces, found none");
  CHECK(parse_sentencepiece_model("\x0A\x7F"
                                  "ab")
            .error()
            .message()
            .find("beyond its end") != std::string::npos);
  CHECK(parse_sentencepiece_model(model_of(1, piece("a", 0, 1))).error().message() ==
        "expected an unknown piece, found none");
  CHECK(parse_sentencepiece_model(model_of(1, pieces + piece("a", 0, 1))).error().message() ==
        "piece 8: \"a\" is repeated");
  CHECK(parse_sentencepiece_model(model_of(9, pieces)).error().message().find("algorithm") != std::string::npos);
}

TEST_CASE("follows any rules within their bytes", "[text]") {
  std::mt19937 random{11};
  CHECK(charsmap::parse("ab").error().message() == "normalization rules: expected at least 4 bytes, found 2");
  CHECK_FALSE(charsmap::parse(std::string("\xFF\xFF\0\0abcd", 8)));
  std::size_t sum = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(4 + 64 + random() % 8, '\0');
    for (char& byte : bytes) byte = char(random());
    bytes.replace(0, 4, std::string("\x40\0\0\0", 4));
    const auto rules = charsmap::parse(bytes);
    REQUIRE(rules);
    std::string text(8, '\0');
    for (char& byte : text) byte = char(random());
    if (const auto rule = rules->longest(text)) sum += rule->size + rule->replacement.size();
  }
  CHECK(sum < 2000 * 80);
}
