// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <string>

#include <support/catch.hpp>
#include <typeformer/text/character_vocabulary.hpp>

namespace tf = typeformer;

TEST_CASE("encodes and decodes every code point in UTF-8, and accepts nothing else", "[text]") {
  for (char32_t c = 0; c <= 0x10'FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    tf::append_utf8(text, c);
    const tf::utf8_step step = tf::utf8_at(text, 0);
    if (step.code_point != c || step.size != text.size()) FAIL("code point " << std::uint32_t(c));
  }
  using namespace std::string_literals;
  for (const std::string& wrong :
       {"\x80"s, "\xC3"s, "\xC0\x80"s, "\xC1\xBF"s, "\xE0\x80\x80"s, "\xE2\x82"s, "\xED\xA0\x80"s, "\xF0\x80\x80\x80"s,
        "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xFF"s, "\xC3("s}) {
    CHECK(tf::utf8_at(wrong, 0).size == 0);
    CHECK(tf::utf8_error("ok" + wrong) == 2);
  }
  CHECK(tf::utf8_error("grüße €") == std::string("grüße €").size());
}

TEST_CASE("makes a character vocabulary of the sorted characters of a text", "[text]") {
  const auto vocabulary = tf::character_vocabulary::of("züge über €\n");
  REQUIRE(vocabulary);
  CHECK(vocabulary->saved() == "\n begrzü€");
  CHECK(vocabulary->size() == 9);
  const auto ids = vocabulary->encode("über");
  REQUIRE(ids);
  CHECK(*ids == std::vector<std::int32_t>{7, 2, 3, 5});
  CHECK(*vocabulary->decode(std::span(*ids)) == "über");

  const auto restored = tf::character_vocabulary::restore(vocabulary->saved());
  REQUIRE(restored);
  CHECK(restored->saved() == vocabulary->saved());
  CHECK_FALSE(restored->is_of_bytes());
  CHECK_FALSE(tf::character_vocabulary::restore("ba"));
  CHECK_FALSE(tf::character_vocabulary::restore("aa"));

  const auto unknown = vocabulary->encode("grün");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message() == "the character \"n\" at byte 4 is not in the vocabulary of 9 characters");
  CHECK_FALSE(vocabulary->encode("z\xFF"));
  CHECK(tf::character_vocabulary::of("").error().message() == "the text is empty");
  CHECK(tf::character_vocabulary::of("ab\xFF").error().message() == "the text is not UTF-8 at byte 2");
}

TEST_CASE("encodes anything with a vocabulary of bytes", "[text]") {
  const auto vocabulary = tf::character_vocabulary::restore(tf::character_vocabulary::of_bytes().saved());
  REQUIRE(vocabulary);
  CHECK(vocabulary->size() == 256);
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const auto ids = vocabulary->encode(all);
  REQUIRE(ids);
  CHECK(ids->back() == 255);
  CHECK(*vocabulary->decode(std::span(*ids)) == all);
}

TEST_CASE("rejects an id without a character", "[text]") {
  const auto characters = tf::character_vocabulary::of("abc");
  REQUIRE(characters);
  for (const auto& vocabulary : {*characters, tf::character_vocabulary::of_bytes()})
    for (const std::int32_t wrong : {-1, vocabulary.size(), std::numeric_limits<std::int32_t>::max()}) {
      const std::string sentence =
          "expected an id from 0 to " + std::to_string(vocabulary.size() - 1) + ", found " + std::to_string(wrong);
      const auto one = vocabulary.decode(wrong), all = vocabulary.decode(std::vector<std::int32_t>{0, 2, wrong});
      REQUIRE_FALSE((one || all));
      CHECK(one.error().message() == sentence);
      CHECK(all.error().message() == "token 2: " + sentence);
    }
}
