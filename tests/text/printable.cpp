// SPDX-License-Identifier: BSL-1.0
#include <typeformer/text/printable.hpp>

#include <limits>

#include <support/catch.hpp>
#include <typeformer/text/character_vocabulary.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/wordpiece.hpp>

namespace typeformer {

TEST_CASE("shows any text on one line and in UTF-8", "[printable]") {
  CHECK(printable("plain é 😀 \\ \"") == "plain é 😀 \\ \"");
  CHECK(quoted_name("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(printable(std::string_view("\0\n\r\t\x1b\x7f", 6)) == "\\u0000\\n\\r\\t\\u001b\\u007f");
  CHECK(printable("\xff\xc3") == "\\xff\\xc3");
  CHECK(printable("\xe2\x80\xae\xe2\x81\xa6\xef\xbb\xbf") == "\\u202e\\u2066\\ufeff");
  CHECK(printable("abcdef", 3) == "abc...");
  CHECK(printable("éé", 1) == "é...");
  for (int byte = 0; byte < 256; ++byte)
    for (const char shown : printable(std::string(1, static_cast<char>(byte))))
      CHECK((static_cast<unsigned char>(shown) >= 32 && shown != 127));
}

TEST_CASE("writes numbers as texts from which the same bits are read", "[printable]") {
  for (const double number : {0.0, -0.0, 1e-7, 4e-7, 0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -2.5})
    CHECK(number_in<double>(exact_text(number)) == number);
  CHECK(exact_text(16.0) == "16");
  CHECK(exact_text(0.1F) == "0.1");
  CHECK(exact_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(fixed_text(12.345, 1) == "12.3");
  CHECK(fixed_text(1e308, 1).size() == 311);
  CHECK(rounded_text(1e-7, 5) == "1e-07");
  CHECK(rounded_text(12.5, 5) == "12.5");
  for (const char* const text : {"", "1,5", "1.5 ", "+1", "x", "1e999", "0x10"}) CHECK_FALSE(number_in<double>(text));
  CHECK_FALSE(number_in<std::uint64_t>("-1"));
  CHECK_FALSE(number_in<std::uint64_t>("18446744073709551616"));
}

TEST_CASE("escapes the contents of a text or vocabulary in error messages", "[printable]") {
  const auto vocabulary = character_vocabulary::of("abc");
  REQUIRE(vocabulary);
  CHECK(vocabulary->encode("a\n").error().message() ==
        "the character \"\\n\" at byte 1 is not in the vocabulary of 3 characters");
  CHECK(wordpiece::parse("[UNK]\na\x1b\nb\na\x1b\n").error().message() ==
        "expected a new piece in line 4, found \"a\\u001b\" as in line 2");
}

}  // namespace typeformer
