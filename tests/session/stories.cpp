// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>

#include <rapidjson/document.h>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/text/llama2c_tokenizer.hpp>

// A trained model, loaded from its checkpoint: the text that llama2.c generates with it, token by token.
namespace typeformer {
namespace {

using testing::decoded;
using testing::expected_run;
using testing::expected_runs;
using testing::stories;
static_assert(parameters<stories>::count == 260'032);

using ids = std::vector<std::int32_t>;

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}
ids ids_of(const rapidjson::Value& list) {
  ids all;
  for (const auto& id : list.GetArray()) all.push_back(id.GetInt());
  return all;
}
weights<stories> load_stories(const std::filesystem::path& folder) {
  auto loaded = load<stories>((folder / "stories260K.safetensors").string());
  INFO((loaded ? "" : loaded.error().message()));
  REQUIRE(loaded);
  return std::move(*loaded);
}

template <class Expected> double distance(std::span<const float> got, const Expected* expected) {
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double difference = std::abs(double(got[i]) - double(expected[i]));
    worst = std::isfinite(difference) ? std::max(worst, difference) : INFINITY;
  }
  return worst;
}

/// Two orders of summation in float: a hundred-thousandth of the greatest logit.
double tolerance(std::span<const float> logits) {
  float greatest = 0;
  for (const float logit : logits) greatest = std::max(greatest, std::abs(logit));
  return 1e-5 * double(greatest);
}

TEST_CASE("generates the ids and text of every run of llama2.c: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const weights<stories> values = load_stories(folder);
  const std::string tokenizer_file = bytes_of(folder / "tok512.bin");
  const auto tokenizer = llama2c_tokenizer::parse(std::as_bytes(std::span{tokenizer_file}), 512);
  REQUIRE(tokenizer);
  rapidjson::Document expected;
  expected.Parse(bytes_of(folder / "expected.json").c_str());
  REQUIRE(expected.IsObject());
  REQUIRE(expected["runs"].Size() > 0);
  for (const auto& run : expected["runs"].GetArray()) {
    const std::string prompt = run["prompt"].IsString() ? run["prompt"].GetString() : "";
    INFO("prompt " << prompt);
    const ids tokens = ids_of(run["tokens"]), choices = ids_of(run["argmax"]);
    const ids start = tokenizer->encode(prompt, true);
    REQUIRE(start.size() <= tokens.size());
    CHECK(start == ids(tokens.begin(), tokens.begin() + static_cast<index_type>(start.size())));

    // llama2.c also prints its last choice, but does not take it any more.
    ids expected_ids = tokens, told = start;
    expected_ids.push_back(choices.back());
    session<stories> teller{values};
    int unused = 0;
    const auto chosen = generate(teller, start, static_cast<index_type>(expected_ids.size() - start.size()), greedy{},
                                 {}, unused, [&](std::int32_t id) {
                                   told.push_back(id);
                                   return true;
                                 });
    REQUIRE(chosen);
    CHECK(told == expected_ids);
    const auto text = tokenizer->decode(told);
    REQUIRE(text);
    CHECK(*text == run["text"].GetString());

    const std::vector<float> logits = decoded<session<stories>>(values, tokens);
    ids greedy_ids;
    for (std::size_t t = 0; t < tokens.size(); ++t)
      greedy_ids.push_back(greedy{}(std::span{logits}.subspan(512 * t, 512)));
    CHECK(greedy_ids == choices);
  }
}

TEST_CASE("computes logits within 2e-4 of double arithmetic: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const weights<stories> values = load_stories(folder);
  const auto loaded = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(loaded);
  const canonical_weights<stories> where{*loaded};
  for (const expected_run& run : expected_runs(folder)) {
    const std::vector<float> packed = decoded<session<stories>>(values, run.tokens);
    CHECK(distance(packed, run.logits.data()) < 2e-4);
    const std::vector<float> in_place = decoded<session<stories, reads<canonical>>>(where, run.tokens);
    CHECK(distance(in_place, run.logits.data()) < 2e-4);
    CHECK(distance(in_place, packed.data()) < tolerance(packed));
  }
}

TEST_CASE("computes the same logits from llama2.c's file, safetensors and GGUF: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const weights<stories> values = load_stories(folder);
  const expected_run run = expected_runs(folder).front();
  const std::vector<float> expected = decoded<session<stories>>(values, run.tokens);
  for (const char* const ending : {".bin", ".gguf"}) {
    const auto loaded = load<stories, model_file>((folder / "stories260K").string() + ending);
    INFO((loaded ? "" : loaded.error().message()));
    REQUIRE(loaded);
    CHECK(decoded<session<stories>>(*loaded, run.tokens) == expected);
  }
}

/// The logits after the first tokens of a run, taken in passes of the session's prompt.
template <class Session>
void check_prefill(const typename Session::weights_type& values, const ids& tokens,
                   const std::vector<float>& expected) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{15}, std::size_t{16},
                                  std::size_t{17}, std::size_t{31}, tokens.size()}) {
    INFO(count << " tokens");
    Session run{values};
    const auto logits = run.prefill(std::span{tokens}.first(count));
    REQUIRE(logits);
    CHECK(distance(*logits, expected.data() + 512 * (count - 1)) < tolerance(*logits));
  }
}

TEST_CASE("prefills in one pass, in several, and evaluates, with the logits of decoding: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const weights<stories> values = load_stories(folder);
  const auto loaded = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(loaded);
  const canonical_weights<stories> where{*loaded};
  forward_pass<stories, tokens<64>> forward{values};
  for (const expected_run& run : expected_runs(folder)) {
    const std::vector<float> expected = decoded<session<stories>>(values, run.tokens);
    check_prefill<session<stories, tokens<64>>>(values, run.tokens, expected);
    check_prefill<session<stories, tokens<7>>>(values, run.tokens, expected);
    const std::vector<float> in_place = decoded<session<stories, reads<canonical>>>(where, run.tokens);
    check_prefill<session<stories, tokens<9>, reads<canonical>>>(where, run.tokens, in_place);
    const auto all = forward.run(std::span<const std::int32_t>{run.tokens});
    REQUIRE(all);
    CHECK(distance({all->data, expected.size()}, expected.data()) < tolerance(expected));
  }
}

}  // namespace
}  // namespace typeformer
