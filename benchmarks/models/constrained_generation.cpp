// SPDX-License-Identifier: BSL-1.0
// What a JSON schema costs a step of stories260K: time of sampling with and without the constraint, beside that of the
// model. TYPEFORMER_SHARED names the folder whose weights/stories260K is used.
#include <algorithm>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <support/multiply_add_peak.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/constrained_text.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/json_schema_grammar.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/text/regular_file.hpp>

namespace {

namespace tf = typeformer;

struct stories : tf::llama<tf::llama_config{.layers = 5,
                                            .width = 64,
                                            .heads = 8,
                                            .key_value_heads = 4,
                                            .hidden = 172,
                                            .vocabulary = 512,
                                            .context = 512,
                                            .epsilon = 1e-5,
                                            .tied = true,
                                            .turns_adjacent_pairs = true}> {};

constexpr const char* schema = R"({"type": "object", "properties": {"name": {"type": "string"},
  "age": {"type": "integer", "minimum": 0, "maximum": 150}, "friends": {"type": "array", "items": {"type": "string"}},
  "story": {"type": "string", "minLength": 20}}, "required": ["name", "age", "friends", "story"]})";

/// Texts of about 200 tokens after a prompt. Each is generated with the constraint; the same logits are then sampled
/// without it.
void json_of_stories(benchmark::State& state) {
  const char* const shared = std::getenv("TYPEFORMER_SHARED");
  const std::string folder = std::string(shared == nullptr ? "../shared" : shared) + "/weights/stories260K/";
  const auto weights = tf::load<stories>(folder + "stories260K.safetensors");
  const auto file = tf::bytes_of_regular_file(folder + "tok512.bin", 1u << 20);
  if (!weights || !file) return state.SkipWithError("the reference data is not there: set TYPEFORMER_SHARED");
  const auto tokenizer = tf::llama2c_tokenizer::parse(std::as_bytes(std::span{*file}), stories::vocabulary);
  constexpr std::int32_t end = tf::llama2c_tokenizer::begin_of_sequence;
  const double start_making = tf::benchmarks::thread_seconds();
  auto automaton = tf::grammar_automaton::of(*tf::json_schema_grammar(schema),
                                             tf::token_trie{tf::bytes_of_tokens(*tokenizer)}, {&end, 1});
  const double making = tf::benchmarks::thread_seconds() - start_making;
  const auto prompt = tokenizer->encode("Once upon a time, there was a girl. As JSON: ", true);
  tf::session<stories> run{*weights};
  std::vector<tf::candidate> workspace(std::size_t{stories::vocabulary});
  tf::philox random{1}, other{1};
  const auto warm = *tf::temperature::of(1.0f);
  double model = 0, constrained = 0, free = 0;
  long tokens = 0;
  for (auto _ : state) {
    run.reset();
    auto text = *tf::constrained_text<tf::grammar_automaton>::of(*automaton, 200);
    const tf::sampling with{tf::constrained_by{text}, warm};
    const tf::sampling without{warm};
    auto logits = run.prefill(prompt);
    while (logits) {
      const double start = tf::benchmarks::thread_seconds();
      const std::int32_t id = with(*logits, workspace, random);
      const double behind = tf::benchmarks::thread_seconds();
      benchmark::DoNotOptimize(without(*logits, workspace, other));
      const double last = tf::benchmarks::thread_seconds();
      constrained += behind - start, free += last - behind;
      if (id == end || id == tf::no_token) break;
      logits = run.decode(id);
      model += tf::benchmarks::thread_seconds() - last;
      ++tokens;
    }
    if (!text.is_complete()) return state.SkipWithError("a text was not completed");
  }
  const double steps = static_cast<double>(tokens);
  state.counters["making_ms"] = 1e3 * making;
  state.counters["model_us"] = 1e6 * model / steps;
  state.counters["sampling_us"] = 1e6 * free / steps;
  state.counters["constrained_sampling_us"] = 1e6 * constrained / steps;
  state.counters["cost_percent_of_step"] = 100 * (constrained - free) / (model + free);
}

}  // namespace

BENCHMARK(json_of_stories)->Unit(benchmark::kMillisecond)->MinTime(2);
