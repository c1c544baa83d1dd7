// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <typeformer/hosted/data/document_file.hpp>

namespace tf = typeformer;
using tf::document_form;

namespace {

using document = std::vector<std::string>;
using documents = std::vector<document>;

/// A file that exists as long as this object.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content) { std::ofstream{path, std::ios::binary} << content; }
  ~temporary_file() { std::filesystem::remove(path); }
  const std::string path = (std::filesystem::temp_directory_path() / "typeformer-document-file").string();
};

documents copied(const std::vector<tf::document_file::document>& views) {
  documents copies;
  for (const auto& view : views) copies.emplace_back(view.begin(), view.end());
  return copies;
}

documents all_of(const tf::document_file& file) {
  documents all;
  for (std::size_t shard = 0; shard < file.shards(); ++shard)
    for (document& each : copied(file.read(shard))) all.push_back(std::move(each));
  return all;
}

documents read(const std::string& content, tf::document_options options = {}) {
  const temporary_file file{content};
  const auto opened = tf::document_file::open(file.path, options);
  return opened ? all_of(*opened) : documents{};
}

/// The definition, for text whose only white space is spaces and line ends.
documents by_definition(const std::string& content) {
  documents all;
  bool is_open = false;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    std::string line = content.substr(begin, end - begin);
    line.erase(0, line.find_first_not_of(' '));
    line.erase(line.find_last_not_of(' ') + 1);
    if (line.empty()) is_open = false;
    else {
      if (!is_open) all.emplace_back();
      all.back().push_back(line);
      is_open = true;
    }
    begin = end + 1;
  }
  return all;
}

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

std::string joined(const documents& all) {
  std::string text;
  for (const document& each : all)
    for (const std::string& part : each) text += without_spaces(part);
  return text;
}

std::string whole_file(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

TEST_CASE("reads documents as sentences in lines, paragraphs or lines", "[training]") {
  const std::string text = "\xEF\xBB\xBF\n One.\r\nTwo \xC2\xA0\n \t\xE3\x80\x80\r\n\nThree.\n  Four.";
  CHECK(read(text) == documents{{"One.", "Two"}, {"Three.", "Four."}});
  CHECK(read(text, {.form = document_form::paragraphs}) == documents{{"One.\r\nTwo"}, {"Three.\n  Four."}});
  CHECK(read(text, {.form = document_form::lines}) == documents{{"One."}, {"Two"}, {"Three."}, {"Four."}});
}

TEST_CASE("rejects files without documents", "[training]") {
  const auto rejection = [](const std::string& content, std::size_t shard_bytes = 1000) {
    const temporary_file file{content};
    const auto opened = tf::document_file::open(file.path, {.shard_bytes = shard_bytes});
    return opened ? "accepted" : opened.error().message().substr(file.path.size() + 2);
  };
  CHECK(rejection("") == "the file is empty: expected a text");
  CHECK(rejection("a\nb", 0) == "wrong shard size: expected at least 1 byte, found 0");
  CHECK(rejection(std::string("ab\0c", 4)) == "the file is binary: expected a text, found a zero byte at byte 2");
  const std::string mark = "\xEF\xBB\xBF", not_utf8 = "the text is not UTF-8: found an invalid sequence at byte ";
  CHECK(rejection(mark + "ab\xC3(") == not_utf8 + "5");
  for (const std::string& blank : {std::string{"\n"}, std::string{" \r\n\t\n"}, mark, mark + "\n\xC2\xA0"})
    CHECK(rejection(blank) == "the file has no document: expected a text, found blank lines only");
  CHECK_FALSE(tf::document_file::open((std::filesystem::temp_directory_path() / "typeformer-no-such-file").string()));
  CHECK_FALSE(tf::document_file::open(std::filesystem::temp_directory_path().string()));

  const std::size_t part = std::size_t{4} << 20;  // characters and errors at the border between two parts of the pass
  for (std::size_t before = part - 4; before <= part; ++before) {
    const std::string text(before, 'a'), character = "\xF0\x9F\x98\x80";
    CHECK(rejection(text + character + "b") == "accepted");
    CHECK(rejection(text + character + "\x80\n") == not_utf8 + std::to_string(before + 4));
    CHECK(rejection(text + character.substr(0, 3)) == not_utf8 + std::to_string(before));
  }
}

TEST_CASE("holds every document once, in order, in shards of any size", "[training]") {
  std::mt19937 random{20181011};
  const auto below = [&](std::size_t count) { return std::size_t(random() % count); };
  std::size_t whole = 0, cut = 0;
  for (int round = 0; round < 300; ++round) {
    std::string text = "x";
    const std::size_t longest_line = 1 + below(12), blank_lines = 2 + below(6);
    for (std::size_t lines = below(30); lines > 0; --lines) {
      if (below(blank_lines) == 0) text += std::string(below(3), ' ');
      else
        for (std::size_t size = below(longest_line) + 1; size > 0; --size)
          text += below(5) == 0 ? " " : below(6) == 0 ? "\xC3\xA9" : "a";
      text += '\n';
    }
    if (below(2) == 0) text.pop_back();
    if (text.empty()) continue;
    const documents expected = by_definition(text);
    std::size_t longest = 0, longest_of_lines = 0;  // with line ends and the spaces around lines
    for (std::size_t begin = 0, document_begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
      longest_of_lines = std::max(longest_of_lines, end - begin);
      if (text.substr(begin, end - begin).find_first_not_of(" \n") == std::string::npos) document_begin = end;
      longest = std::max(longest, end - document_begin);
      begin = end;
    }
    const temporary_file file{text};
    for (std::size_t size = 1; size <= text.size() + 1; ++size) {
      const auto opened = tf::document_file::open(file.path, {.shard_bytes = size});
      REQUIRE(opened);
      const documents found = all_of(*opened);
      INFO(text << "\nshards of " << size);
      if (size >= longest) {
        if (found != expected) FAIL("other documents");
        ++whole;
      }
      if (joined(found) != joined(expected)) FAIL("other text");
      if (size >= longest_of_lines) {  // cut only between lines, and never two documents in one
        std::size_t number = 0, line = 0;
        for (const document& piece : found) {
          for (const std::string& part : piece)
            if (number >= expected.size() || line >= expected[number].size() || part != expected[number][line++])
              FAIL("another line");
          if (line == expected[number].size()) ++number, line = 0;
          else ++cut;
        }
      }
      for (const document& piece : found) {
        std::size_t bytes = 0;
        for (const std::string& part : piece) {
          bytes += part.size();
          if (tf::utf8_error(part) != part.size()) FAIL("a cut character");
        }
        if (bytes >= 3 * std::max(size, std::size_t{4})) FAIL("a document of " << bytes << " bytes");
      }
      documents lines;
      for (const document& each : expected)
        for (const std::string& part : each) lines.push_back({part});
      const auto of_lines = tf::document_file::open(file.path, {.form = document_form::lines, .shard_bytes = size});
      if (size >= longest_of_lines && all_of(*of_lines) != lines) FAIL("other lines");
    }
  }
  CHECK(whole > 5000);
  CHECK(cut > 5000);
}

TEST_CASE("reads a text without blank lines, or without lines, in shards", "[training]") {
  std::string lines, line;
  for (int i = 0; i < 10'000; ++i)
    lines += "line " + std::to_string(i) + "\n", line += "word" + std::to_string(i) + " ";
  for (const std::string& text : {lines, line, std::string(100'000, 'a')}) {
    const temporary_file file{text};
    const auto opened = tf::document_file::open(file.path, {.shard_bytes = 1000});
    REQUIRE(opened);
    REQUIRE(opened->shards() == (text.size() + 999) / 1000);
    std::string all;
    for (std::size_t shard = 0; shard < opened->shards(); ++shard) {
      const documents found = copied(opened->read(shard));
      std::size_t bytes = 0;
      for (const document& each : found)
        for (const std::string& part : each) {
          all += without_spaces(part), bytes += part.size();
          if (text != lines && part.find(' ') != std::string::npos) CHECK(part.starts_with("word"));
        }
      if (found.size() > 1 || bytes > 2000) FAIL("shard " << shard << " of " << bytes << " bytes");
    }
    CHECK(all == without_spaces(text));
  }
}

TEST_CASE("reads novels and BERT's sample unchanged", "[training]") {
  TYPEFORMER_NEEDS_SHARED(folder, "corpora");
  const auto count = [](const documents& all) {
    std::size_t sentences = 0;
    for (const document& each : all) sentences += each.size();
    return std::pair{all.size(), sentences};
  };
  for (const char* const name :
       {"bert-sample/sample_text.txt", "gutenberg/pride_and_prejudice.nsp.txt", "gutenberg/sherlock_holmes.nsp.txt"}) {
    const documents expected = by_definition(whole_file(folder / name));
    for (const std::size_t size : {std::size_t{70'000}, std::size_t{4} << 20}) {
      const auto file = tf::document_file::open((folder / name).string(), {.shard_bytes = size});
      REQUIRE(file);
      INFO(name);
      CHECK(count(all_of(*file)) == count(expected));
      CHECK((all_of(*file) == expected));
    }
  }
}
