// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include "../../../tools/scan/training.hpp"

namespace {

/// A separate file that exists as long as the object.
class text_file {
 public:
  explicit text_file(const std::string& text)
      : path_{(std::filesystem::temp_directory_path() / ("typeformer-scan-" + std::to_string(std::rand()))).string()} {
    std::ofstream{path_, std::ios::binary} << text;
  }
  text_file(const text_file&) = delete;
  text_file& operator=(const text_file&) = delete;
  ~text_file() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr scan::longest room{.command = 4, .actions = 6};

std::string repeated(const std::string& word, int times) {
  std::string text = word;
  for (int i = 1; i < times; ++i) text += " " + word;
  return text;
}

}  // namespace

TEST_CASE("reads SCAN's commands as words and actions", "[scan]") {
  const text_file file{"IN: run left OUT: I_TURN_LEFT I_RUN\nIN: run OUT: I_RUN\r\nIN:  run  left OUT:  I_RUN"};
  scan::word_list words{32};
  const auto pairs = scan::read_commands(file.path(), room, words);
  REQUIRE(pairs);
  REQUIRE(pairs->size() == 3);
  using ids = std::vector<std::int32_t>;
  CHECK((*pairs)[0].source == ids{2, 3, 1});
  CHECK((*pairs)[0].target == ids{4, 5});
  CHECK((*pairs)[1].source == ids{2, 1});
  CHECK((*pairs)[1].target == ids{5});
  CHECK((*pairs)[2].source == ids{2, 3, 1});
  CHECK(words.size() == 6);
}

TEST_CASE("rejects a file without commands of SCAN, with the line", "[scan]") {
  const std::string good = "IN: run OUT: I_RUN\n";
  const auto error = [](const std::string& text, std::int32_t capacity = 32) {
    const text_file file{text};
    scan::word_list words{capacity};
    const auto pairs = scan::read_commands(file.path(), room, words);
    REQUIRE_FALSE(pairs);
    CHECK(pairs.error().find(file.path() + ": ") == 0);
    return pairs.error().substr(file.path().size() + 2);
  };
  CHECK(error("") == "the file is empty: expected a text");
  for (const std::string wrong : {"run", "IN: run", "IN: OUT: I_RUN", "run OUT: I_RUN", ""}) {
    CAPTURE(wrong);
    CHECK(error(good + wrong + "\n" + good) == "line 2: expected IN: words OUT: words, found " + wrong);
  }
  CHECK(error(good + "IN:  OUT: I_RUN") == "line 2: command: expected 1 to 3 words, found 0");
  CHECK(error(good + "IN: run OUT: ") == "line 2: actions: expected 1 to 5 words, found 0");
  CHECK(error(good + "IN: " + repeated("run", 4) + " OUT: I_RUN") == "line 2: command: expected 1 to 3 words, found 4");
  CHECK(error(good + "IN: run OUT: " + repeated("I_RUN", 6)) == "line 2: actions: expected 1 to 5 words, found 6");
  CHECK(error(good + "IN: walk OUT: I_WALK", 5) == "line 2: actions: expected one of the 3 words before, found I_WALK");
}

TEST_CASE("learns a handful of commands and decodes them: a small T5", "[scan]") {
  std::string commands;
  for (const auto& [verb, action] :
       {std::pair{"run", "I_RUN"}, {"walk", "I_WALK"}, {"look", "I_LOOK"}, {"jump", "I_JUMP"}})
    for (const auto& [often, times] : {std::pair{"", 1}, {" twice", 2}, {" thrice", 3}})
      for (const std::string side : {"", " left", " right"}) {
        std::string done = action;
        if (!side.empty()) done = (side == " left" ? "I_TURN_LEFT " : "I_TURN_RIGHT ") + done;
        commands += "IN: " + (verb + side + often) + " OUT: " + repeated(done, times) + "\n";
      }
  const text_file training{commands + "IN: run OUT: I_RUN\n"};  // the last line validates
  scan::request request{.training_file = training.path(), .test_file = training.path(), .steps = 150};

  SECTION("all of them are right, and one that ends otherwise is not") {
    const text_file test{commands + "IN: run OUT: I_RUN I_RUN\n"};
    request.test_file = test.path();
    const auto found = scan::train_and_test(request);
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->commands == 37);
    CHECK((*found)->right == 36);
  }
  SECTION("what cannot be tested is said before anything is learned") {
    const text_file test{"IN: run OUT: I_RUN\nIN: fly OUT: I_FLY\n"};
    request.test_file = test.path();
    const auto unknown = scan::train_and_test(request);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error() == test.path() + ": line 2: command: expected one of the 14 words before, found fly");
    request.test_file = "/nonexistent";
    const auto missing = scan::train_and_test(request);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().find("/nonexistent") != std::string::npos);
  }
  SECTION("too few commands to keep some for validation") {
    const text_file few{"IN: run OUT: I_RUN\n"};
    request.training_file = request.test_file = few.path();
    const auto found = scan::train_and_test(request);
    REQUIRE_FALSE(found);
    CHECK(found.error() == few.path() + ": expected pairs to train on and to validate with, found 1 and 0");
  }
}

TEST_CASE("SCAN's grammar generates the published commands", "[scan]") {
  TYPEFORMER_NEEDS_SHARED(folder, "corpora/scan");
  std::vector<std::string> generated, published;
  for (const scan::command& c : scan::all_commands()) generated.push_back("IN: " + c.words + " OUT: " + c.actions);
  for (const char* name : {"tasks_train_simple.txt", "tasks_test_simple.txt"}) {
    std::ifstream file{folder / name};
    for (std::string line; std::getline(file, line);) published.push_back(line);
  }
  std::sort(generated.begin(), generated.end());
  std::sort(published.begin(), published.end());
  CHECK(generated.size() == 20910);
  CHECK(generated == published);
}

TEST_CASE("SCAN's splits have the published sizes", "[scan]") {
  const auto simple = scan::split_called("simple"), length = scan::split_called("length"),
             jump = scan::split_called("jump");
  REQUIRE((simple && length && jump));
  CHECK(simple->training.size() == 16728);
  CHECK(simple->test.size() == 4182);
  CHECK(length->training.size() == 16990);
  CHECK(length->test.size() == 3920);
  CHECK(jump->training.size() == 14670);
  CHECK(jump->test.size() == 7706);
  const scan::command alone{"jump", "I_JUMP"};
  CHECK(std::count(jump->training.begin(), jump->training.end(), alone) == 1467);
  CHECK(std::count(jump->test.begin(), jump->test.end(), alone) == 0);
  CHECK_FALSE(scan::split_called("turn"));
}

TEST_CASE("fits every command of SCAN's simple split into the program's model", "[scan]") {
  TYPEFORMER_NEEDS_SHARED(folder, "corpora/scan");
  scan::word_list words{scan::model::vocabulary};
  const scan::longest most{.command = scan::source_tokens, .actions = scan::target_tokens};
  const auto training = scan::read_commands((folder / "tasks_train_simple.txt").string(), most, words);
  REQUIRE(training);
  words.close();
  const auto test = scan::read_commands((folder / "tasks_test_simple.txt").string(), most, words);
  REQUIRE(test);
  CHECK(training->size() == 16728);
  CHECK(test->size() == 4182);
}
