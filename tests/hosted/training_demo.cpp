// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <rapidjson/document.h>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include "../../tools/demo/grammar.hpp"
#include "../../tools/demo_bert/reader.hpp"
#include "../../tools/story/story.hpp"

namespace grammar = demo::grammar;

TEST_CASE("obeys the grammar in its own sentences, and in no others", "[demo]") {
  grammar::writer writer{3};
  int nested = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string sentence = writer.sentence();
    CAPTURE(sentence);
    REQUIRE(grammar::obeys(sentence));
    nested += sentence.find("that the") != std::string::npos;
    std::string broken = sentence;
    REQUIRE_FALSE(grammar::obeys(broken.substr(0, broken.size() - 1)));
    REQUIRE_FALSE(grammar::obeys(' ' + broken));
    REQUIRE_FALSE(grammar::obeys(broken + " "));
  }
  CHECK(nested > 500);
  for (const char* right :
       {"the dog sleeps.", "an old dog sees a red fox.", "some mice that the angry cat hears run often.",
        "the dogs that see the cats that the owl likes sleep.", "an ant that some foxes chase waits."}) {
    CAPTURE(right);
    CHECK(grammar::obeys(right));
  }
  for (const char* wrong :
       {"", ".", "the dog.", "the dog sleep.", "the dogs sleeps.", "a owl sleeps.", "an dog sleeps.",
        "a old dog sleeps.", "some dog sleeps.", "a dogs sleep.", "dog sleeps.", "the dog  sleeps.",
        "the dogs that the cat see sleep.", "the dogs that the cat sees sleeps.", "the dog sleeps quietly often.",
        "the dog that sleeps.", "the dog sees.", "the dog sleeps. the dog sleeps.",
        "the dog that the cat that the fox that the owl sees hears likes sleeps."}) {
    CAPTURE(wrong);
    CHECK_FALSE(grammar::obeys(wrong));
  }
}

TEST_CASE("generates the grammar's text from the seed, with known entropy", "[demo]") {
  grammar::writer writer{1}, again{1}, other{2};
  const std::string text = writer.text(200'000);
  CHECK(text == again.text(200'000));
  CHECK(text != other.text(200'000));
  CHECK(text.back() == '\n');
  CHECK(writer.nats_per_character() == again.nats_per_character());
  CHECK(writer.nats_per_character() == Approx(other.nats_per_character()).epsilon(0.02));
}

TEST_CASE("is right as often as it says, and more often than chance: the reader who knows the language", "[demo]") {
  namespace language = demo::language;
  constexpr std::int32_t mask = 0, first_word = 1;
  const auto vocabulary = language::words().size() + 1;
  const auto token_of = [](std::string_view word) {
    const auto& all = language::words();
    return first_word + std::int32_t(std::find(all.begin(), all.end(), word) - all.begin());
  };
  const auto words_of = [&](std::uint64_t seed, std::size_t sentences) {
    std::istringstream text{language::documents(1, seed)};
    std::vector<std::int32_t> tokens;
    for (std::string word; tokens.size() < sentences * language::slots && text >> word;)
      tokens.push_back(token_of(word));
    return tokens;
  };
  language::reader reader{token_of, mask, vocabulary};
  typeformer::philox random{5};
  double asked = 0, right = 0, expected = 0, variance = 0, pairs = 0, sure = 0;
  for (std::uint64_t pair = 0; pair < 300; ++pair) {
    const std::vector<std::int32_t> all = words_of(pair, 6);
    const bool follows = random() % 2 == 0;
    std::vector<std::int32_t> first(all.begin() + 3, all.begin() + 3 * 9),
        second = follows ? std::vector<std::int32_t>(all.begin() + 3 * 9, all.end() - 4) : words_of(pair + 1000, 2);
    auto shown_first = first, shown_second = second;
    std::vector<std::pair<std::size_t, std::size_t>> hidden;
    const auto hide = [&](std::vector<std::int32_t>& shown, std::size_t segment) {
      for (std::size_t i = 0; i < shown.size(); ++i) {
        if (random() % 20 >= 3) continue;
        hidden.emplace_back(segment, i);
        const auto how = random() % 10;
        if (how < 8) shown[i] = mask;
        else if (how == 8) shown[i] = std::int32_t(random() % vocabulary);
      }
    };
    hide(shown_first, 0);
    hide(shown_second, 1);
    reader.read(shown_first, shown_second);
    pairs += 1;
    sure += reader.chance_of_next();
    for (const auto& [segment, place] : hidden) {
      const auto guess = reader.best_guess(segment, place);
      const std::int32_t truth = (segment ? second : first)[place];
      asked += 1;
      right += std::int32_t(guess.word) + first_word == truth;
      expected += guess.chance;
      variance += guess.chance * (1 - guess.chance);
    }
  }
  CHECK(asked > 1000);
  CHECK(std::abs(right - expected) < 3 * std::sqrt(variance));
  CHECK(expected / asked > 0.6);
  CHECK(sure / pairs > 0.95);
}

TEST_CASE("tells the reference's story at temperature 0: the demo", "[demo]") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  std::ifstream file{folder / "expected.json"};
  const std::string json{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document expected;
  expected.Parse(json.c_str());
  REQUIRE_FALSE(expected.HasParseError());
  const auto bytes = typeformer::mapped_file::open((folder / "tok512.bin").string());
  REQUIRE(bytes);
  const auto tokenizer = typeformer::llama2c_tokenizer::parse(bytes->bytes(), 512);
  REQUIRE(tokenizer);
  for (const auto& run : expected["runs"].GetArray()) {
    demo::story_request request{.folder = folder.string(), .prompt = {}, .temperature = 0};
    if (!run["prompt"].IsNull()) request.prompt = run["prompt"].GetString();
    request.max_tokens =
        typeformer::index_type(run["tokens"].Size() + 1 - tokenizer->encode(request.prompt, true).size());
    std::string story;
    const auto told = demo::tell_story(request, [&](std::string_view text) { story += text; });
    REQUIRE(told);
    CHECK(told->tokens == request.max_tokens);
    CHECK(story == run["text"].GetString());
  }
}

TEST_CASE("says why a story cannot be told", "[demo]") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  demo::story_request request{.folder = folder.string(), .prompt = {}};
  const auto error = [&] {
    const auto told = demo::tell_story(request, [](std::string_view) {});
    return told ? std::string{} : told.error();
  };
  SECTION("no such folder") {
    request.folder = "/nonexistent";
    CHECK(error().find("/nonexistent/config.json") == 0);
  }
  SECTION("sampling") {
    request.top_p = 2;
    CHECK(error() == "top-p must lie in (0, 1]");
    request.temperature = -1;
    CHECK(error().find("temperature must be a positive") == 0);
  }
  SECTION("a prompt longer than the context") {
    request.prompt = std::string(5000, 'x');
    CHECK(error() == "the prompt does not fit: sequence 0: the context is full: found 5002, the limit is 512");
  }
  SECTION("another model") {
    const auto copy =
        std::filesystem::temp_directory_path() / ("typeformer-other-model-" + std::to_string(std::rand()));
    std::filesystem::create_directories(copy);
    std::ofstream{copy / "config.json"} << R"({"dim": 64, "hidden_dim": 172, "n_layers": 6, "n_heads": 8})";
    request.folder = copy.string();
    CHECK(error().find(
              "config.json: n_layers is not that of the type this program was compiled for: expected 5, found 6") !=
          std::string::npos);
    std::filesystem::remove_all(copy);
  }
}
