// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/istreamwrapper.h>

#include <typeformer/text/llama2c_tokenizer.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>

using typeformer::llama2c_tokenizer;

namespace {

using ids = std::vector<std::int32_t>;

struct scored_piece {
  float score;
  std::string text;
};

void append_word(std::string& file, std::uint32_t word) {
  for (int shift = 0; shift < 32; shift += 8)
    file += static_cast<char>(static_cast<unsigned char>(word >> shift & 0xFFu));
}

std::vector<scored_piece> small_vocabulary() {
  std::vector<scored_piece> pieces{{0, "<unk>"}, {0, "\n<s>\n"}, {0, "\n</s>\n"}};
  for (unsigned byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    pieces.push_back({0, name});
  }
  // 259: " a" 260: "ab" 261: "abc" 262: "bc" 263: " abc" 264: "aa" 265: "aaa", then code points
  for (const scored_piece& piece : std::initializer_list<scored_piece>{{-1, " a"},
                                                                       {-3, "ab"},
                                                                       {-2, "abc"},
                                                                       {-2, "bc"},
                                                                       {-4, " abc"},
                                                                       {-5, "aa"},
                                                                       {-6, "aaa"},
                                                                       {-10, " "},
                                                                       {-11, "a"},
                                                                       {-12, "b"},
                                                                       {-13, "c"},
                                                                       {-14, "\xC3\xA9"},
                                                                       {-15, "\xF0\x9F\x98\x80"},
                                                                       {-16, "<"}})
    pieces.push_back(piece);
  return pieces;
}

std::string file_of(const std::vector<scored_piece>& pieces, std::uint32_t greatest_length = 7) {
  std::string file;
  append_word(file, greatest_length);
  for (const scored_piece& piece : pieces) {
    append_word(file, std::bit_cast<std::uint32_t>(piece.score));
    append_word(file, static_cast<std::uint32_t>(piece.text.size()));
    file += piece.text;
  }
  return file;
}

auto parse(const std::string& file, std::size_t vocabulary_size) {
  return llama2c_tokenizer::parse(std::as_bytes(std::span{file}), static_cast<std::int32_t>(vocabulary_size));
}

std::string rejection(const std::string& file, std::size_t vocabulary_size) {
  const auto tokenizer = parse(file, vocabulary_size);
  return tokenizer ? "accepted" : tokenizer.error().message();
}

llama2c_tokenizer small_tokenizer() { return *parse(file_of(small_vocabulary()), small_vocabulary().size()); }

std::string whole_file(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// The definition, step by step: look at all pairs, merge the best, start again.
ids encode_by_definition(const std::vector<scored_piece>& pieces, const std::string& text) {
  struct part {
    std::string text;
    std::int32_t id;
  };
  const auto find = [&](const std::string& spelling) {
    for (std::size_t id = 259; id < pieces.size(); ++id)
      if (pieces[id].text == spelling) return static_cast<std::int32_t>(id);
    return -1;
  };
  std::vector<part> parts;
  const auto append = [&](const std::string& code_point) {
    if (const std::int32_t id = find(code_point); id >= 0) parts.push_back({code_point, id});
    else
      for (const char byte : code_point) parts.push_back({{}, 3 + static_cast<unsigned char>(byte)});
  };
  if (!text.empty()) append(" ");
  std::string code_point;
  for (const char byte : text) {
    const bool continues = (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
    if (!code_point.empty() && (!continues || code_point.size() == 4)) append(std::exchange(code_point, {}));
    code_point += byte;
  }
  if (!code_point.empty()) append(code_point);
  for (;;) {
    std::size_t best = 0;
    std::int32_t best_id = -1;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      if (parts[i].text.empty() || parts[i + 1].text.empty()) continue;
      const std::int32_t id = find(parts[i].text + parts[i + 1].text);
      if (id < 0) continue;
      if (best_id >= 0 && pieces[static_cast<std::size_t>(id)].score <= pieces[static_cast<std::size_t>(best_id)].score)
        continue;
      best = i;
      best_id = id;
    }
    if (best_id < 0) break;
    parts[best] = {pieces[static_cast<std::size_t>(best_id)].text, best_id};
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  ids all;
  for (const part& each : parts) all.push_back(each.id);
  return all;
}

std::string random_text(std::mt19937& random, const std::vector<std::string>& alphabet, std::size_t length) {
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
  return text;
}

const std::vector<std::string> mixed_alphabet{"a",
                                              "a",
                                              "b",
                                              "c",
                                              " ",
                                              "<",
                                              "\xC3\xA9",
                                              "\xC3",
                                              "\xA9",
                                              "\x80",
                                              "\xFF",
                                              "\xF0\x9F\x98\x80",
                                              std::string(1, '\0'),
                                              "e",
                                              "\n",
                                              "<0x41>",
                                              "the",
                                              "."};

}  // namespace

TEST_CASE("merges a text by score, leftmost first") {
  const llama2c_tokenizer tokenizer = small_tokenizer();
  CHECK(tokenizer.encode("", false) == ids{});
  CHECK(tokenizer.encode("", true) == ids{1});
  CHECK(tokenizer.encode("a", true) == ids{1, 259});
  // " abc": " a" at -1 comes before "ab" at -3 and "bc" at -2, then "bc"; " a" + "bc" is the piece " abc".
  CHECK(tokenizer.encode("abc", false) == ids{263});
  CHECK(tokenizer.encode("babc", false) == ids{266, 268, 261});
  CHECK(tokenizer.encode("baaaa", false) == ids{266, 268, 264, 264});
  CHECK(tokenizer.encode("baaa", false) == ids{266, 268, 265});
}

TEST_CASE("converts code points without a piece, and invalid UTF-8, to byte tokens") {
  const llama2c_tokenizer tokenizer = small_tokenizer();
  CHECK(tokenizer.encode("\xC3\xA9", false) == ids{266, 270});
  CHECK(tokenizer.encode("\xF0\x9F\x98\x80", false) == ids{266, 271});
  CHECK(tokenizer.encode("\xC3\xA8", false) == ids{266, 3 + 0xC3, 3 + 0xA8});
  CHECK(tokenizer.encode("\xC3", false) == ids{266, 3 + 0xC3});
  CHECK(tokenizer.encode("\xFF\x80\x80\x80\x80", false) == ids{266, 258, 131, 131, 131, 131});
  CHECK(tokenizer.encode(std::string(1, '\0'), false) == ids{266, 3});
  CHECK(tokenizer.encode("\xA9", false) == ids{266, 3 + 0xA9});
  // Names of bytes and controls are text when a text spells them.
  CHECK(tokenizer.encode("<0x41>", false) == ids{266, 272, 3 + '0', 3 + 'x', 3 + '4', 3 + '1', 3 + '>'});
}

TEST_CASE("drops the space and the controls that encoding added, and nothing else") {
  const llama2c_tokenizer tokenizer = small_tokenizer();
  CHECK(*tokenizer.decode(1, 259) == "a");
  CHECK(*tokenizer.decode(267, 259) == " a");
  CHECK(*tokenizer.decode(1, 267) == "a");
  CHECK(*tokenizer.decode(267, 3 + 'A') == "A");
  CHECK(*tokenizer.decode(267, 3) == std::string_view{"\0", 1});
  CHECK(tokenizer.decode(267, 1)->empty());
  CHECK(tokenizer.decode(267, 2)->empty());
  CHECK(*tokenizer.decode(267, 0) == "<unk>");
  CHECK(*tokenizer.decode(ids{1, 259, 259, 2, 1, 259}) == "a aa");
  CHECK(*tokenizer.decode(ids{}) == "");
}

TEST_CASE("rejects an id without a piece") {
  const llama2c_tokenizer tokenizer = small_tokenizer();
  for (const std::int32_t wrong : {-1, tokenizer.vocabulary_size(), std::numeric_limits<std::int32_t>::max()}) {
    const std::string sentence = "expected an id from 0 to " + std::to_string(tokenizer.vocabulary_size() - 1) +
                                 ", found " + std::to_string(wrong);
    const auto one = tokenizer.decode(1, wrong), piece = tokenizer.piece(wrong);
    const auto all = tokenizer.decode(ids{1, wrong, 259});
    REQUIRE_FALSE((one || piece || all));
    CHECK(one.error().message() == sentence);
    CHECK(piece.error().message() == sentence);
    CHECK(all.error().message() == "token 1: " + sentence);
  }
}

TEST_CASE("encodes by the definition and decodes to the same bytes") {
  const std::vector<scored_piece> pieces = small_vocabulary();
  const llama2c_tokenizer tokenizer = small_tokenizer();
  std::mt19937 random{1};
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random_text(random, mixed_alphabet, random() % 30);
    INFO(text);
    const ids encoded = tokenizer.encode(text, false);
    REQUIRE(encoded == encode_by_definition(pieces, text));
    REQUIRE(*tokenizer.decode(encoded) == text);
    REQUIRE(*tokenizer.decode(tokenizer.encode(text, true)) == text);
  }
}

TEST_CASE("encodes a long text in little more than linear time") {
  const llama2c_tokenizer tokenizer = small_tokenizer();
  const std::string text(1'000'000, 'a');
  const ids encoded = tokenizer.encode(text, false);
  // " a" is the best pair; of the 999,999 that follow, all become pairs from the left but
  // the last, which joins the pair before it.
  CHECK(encoded.size() == 1 + 499'999);
  CHECK(encoded.back() == 265);
  CHECK(*tokenizer.decode(encoded) == text);
}

TEST_CASE("rejects a file whose sizes contradict the data, with what was expected and found") {
  const std::vector<scored_piece> good = small_vocabulary();
  const std::string file = file_of(good);
  CHECK(rejection(file, 258) ==
        "tokenizer file, header at byte 0: expected a vocabulary of at least 259 pieces (3 controls and 256 bytes), "
        "found 258");
  CHECK(llama2c_tokenizer::parse({}, -1).error().message().ends_with("found -1"));
  CHECK(rejection("", good.size()) ==
        "tokenizer file, header at byte 0: expected 4 bytes of greatest piece length, found 0 bytes before the end");
  CHECK(rejection(file_of(good, 0), good.size()) ==
        "tokenizer file, header at byte 0: expected a greatest piece length of at least 1, found 0");
  CHECK(rejection(file_of(good, 0xFFFF'FFFFu), good.size()).ends_with("found -1"));
  CHECK(rejection(file_of(good, 5), good.size()) ==
        "tokenizer file, piece 2 at byte 34: expected a length of 1 to 5, found 6");
  CHECK(rejection(file + "xy", good.size()) ==
        "tokenizer file, piece 272 at byte " + std::to_string(file.size()) +
            ": expected the end of the file after 273 pieces, found 2 more bytes");
  CHECK(rejection(file, good.size() + 1) ==
        "tokenizer file, piece 273 at byte " + std::to_string(file.size()) +
            ": expected 8 bytes of score and length (of a vocabulary of 274), found 0 bytes before the end");
  CHECK(rejection(file, 0x7FFF'FFFF).find("of a vocabulary of 2147483647") != std::string::npos);
  CHECK(rejection(file.substr(0, file.size() - 1), good.size()).find("expected 1 bytes of text") != std::string::npos);

  const auto with_length = [&](std::uint32_t length) {
    std::string changed = file;
    std::string word;
    append_word(word, length);
    return changed.replace(8, 4, word);
  };
  CHECK(rejection(with_length(0), good.size()) ==
        "tokenizer file, piece 0 at byte 8: expected a length of 1 to 7, found 0");
  CHECK(rejection(with_length(0xFFFF'FFFFu), good.size()).ends_with("found -1"));
  CHECK(rejection(with_length(0x7FFF'FFFFu), good.size()).ends_with("found 2147483647"));
  std::string boundless = with_length(0x7FFF'FFFFu);
  boundless.replace(0, 4, std::string{"\xFF\xFF\xFF\x7F"});
  CHECK(rejection(boundless, good.size()) ==
        "tokenizer file, piece 0 at byte 12: expected 2147483647 bytes of text (of a vocabulary of 273), found " +
            std::to_string(file.size() - 12) + " bytes before the end");

  std::vector<scored_piece> unnamed = good;
  unnamed[68].text = "<0x42>";
  CHECK(rejection(file_of(unnamed), unnamed.size()).ends_with("expected <0x41>, found \"<0x42>\""));
  for (const float score : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    std::vector<scored_piece> scoreless = good;
    scoreless[260].score = score;
    CHECK(rejection(file_of(scoreless), scoreless.size()).find("piece 260 at byte") != std::string::npos);
    CHECK(rejection(file_of(scoreless), scoreless.size()).find("expected a finite score") != std::string::npos);
  }
}

TEST_CASE("rejects a file that is truncated anywhere") {
  const std::size_t count = small_vocabulary().size();
  const std::string file = file_of(small_vocabulary());
  std::size_t rejected = 0;
  for (std::size_t size = 0; size < file.size(); ++size)
    if (rejection(file.substr(0, size), count).find("before the end") != std::string::npos) ++rejected;
  CHECK(rejected == file.size());
}

TEST_CASE("rejects a damaged file, or encodes every text with it") {
  const std::size_t count = small_vocabulary().size();
  const std::string file = file_of(small_vocabulary());
  std::mt19937 random{7};
  int accepted = 0, rejected = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = file;
    // Half of the damage near the end, where the text pieces are: elsewhere almost every change is seen.
    for (std::size_t changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t reach = i % 2 == 0 ? damaged.size() : 180;
      damaged[damaged.size() - 1 - random() % reach] = static_cast<char>(random() % 256);
    }
    const auto tokenizer = parse(damaged, count);
    if (!tokenizer) {
      ++rejected;
      REQUIRE(tokenizer.error().message().starts_with("tokenizer file, "));
      continue;
    }
    ++accepted;
    const ids encoded = tokenizer->encode(random_text(random, mixed_alphabet, 20), true);
    std::string text;
    for (const std::int32_t id : encoded) text += *tokenizer->decode(0, id);
    REQUIRE(text.size() >= 20);
  }
  CHECK(accepted > 500);
  CHECK(rejected > 500);
}

TEST_CASE("reproduces every run of llama2.c with stories260K") {
  TYPEFORMER_NEEDS_SHARED(weights, "weights/stories260K");
  const auto tokenizer = parse(whole_file(weights / "tok512.bin"), 512);
  REQUIRE(tokenizer);
  std::ifstream stream{weights / "expected.json"};
  rapidjson::IStreamWrapper wrapped{stream};
  rapidjson::Document expected;
  expected.ParseStream(wrapped);
  REQUIRE_FALSE(expected.HasParseError());
  REQUIRE(expected["runs"].Size() > 0);
  for (const auto& run : expected["runs"].GetArray()) {
    const std::string prompt = run["prompt"].IsNull() ? "" : run["prompt"].GetString();
    INFO("prompt: " << prompt);
    ids tokens;
    for (const auto& id : run["tokens"].GetArray()) tokens.push_back(id.GetInt());
    const ids encoded = tokenizer->encode(prompt, true);
    REQUIRE(encoded.size() <= tokens.size());
    CHECK(encoded == ids(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(encoded.size())));
    // `tokens` are what the model has read; the last one that it chose is printed, too, unless it ends the story.
    const rapidjson::Value& chosen = run["argmax"];
    tokens.push_back(chosen[chosen.Size() - 1].GetInt());
    CHECK(*tokenizer->decode(tokens) == run["text"].GetString());
    std::string streamed;
    for (std::size_t i = 1; i < tokens.size(); ++i) streamed += *tokenizer->decode(tokens[i - 1], tokens[i]);
    CHECK(streamed == run["text"].GetString());
    CHECK(*tokenizer->decode(tokenizer->encode(run["text"].GetString(), true)) == run["text"].GetString());
  }
}

TEST_CASE("encodes stories, symbols and noise by the definition with stories260K") {
  TYPEFORMER_NEEDS_SHARED(path, "weights/stories260K/tok512.bin");
  const std::string file = whole_file(path);
  const auto tokenizer = parse(file, 512);
  REQUIRE(tokenizer);
  std::vector<scored_piece> pieces;
  for (std::size_t at = 4; at < file.size();) {
    std::uint32_t words[2]{};
    for (std::uint32_t i = 0; i < 8; ++i)
      words[i / 4] |= static_cast<std::uint32_t>(static_cast<unsigned char>(file[at + i])) << 8 * (i % 4);
    pieces.push_back({std::bit_cast<float>(words[0]), file.substr(at + 8, words[1])});
    at += 8 + words[1];
  }
  REQUIRE(pieces.size() == 512);
  std::vector<std::string> alphabet = mixed_alphabet;
  for (std::size_t id = 259; id < pieces.size(); ++id) alphabet.push_back(pieces[id].text);
  std::mt19937 random{3};
  for (int i = 0; i < 1000; ++i) {
    const std::string text = random_text(random, alphabet, random() % 30);
    INFO(text);
    REQUIRE(tokenizer->encode(text, false) == encode_by_definition(pieces, text));
    REQUIRE(*tokenizer->decode(tokenizer->encode(text, true)) == text);
  }
}

TEST_CASE("rejects the tokenizer file of stories260K if it is truncated anywhere") {
  TYPEFORMER_NEEDS_SHARED(path, "weights/stories260K/tok512.bin");
  const std::string file = whole_file(path);
  std::size_t rejected = 0;
  for (std::size_t size = 0; size < file.size(); ++size)
    if (rejection(file.substr(0, size), 512).find("before the end") != std::string::npos) ++rejected;
  CHECK(rejected == file.size());
  CHECK(rejection(file, 511).find("more bytes") != std::string::npos);
}
