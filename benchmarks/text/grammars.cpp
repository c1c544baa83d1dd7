// SPDX-License-Identifier: BSL-1.0
// What a JSON schema costs before its first token, with the 50,257 tokens of GPT-2. The environment variable
// TYPEFORMER_SHARED is the folder of the reference data.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <support/multiply_add_peak.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/json_schema_grammar.hpp>
#include <typeformer/hosted/grammars/tokenizer_bytes.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>

namespace typeformer {
namespace {

constexpr const char* records = R"({"type": "object", "properties": {"name": {"type": "string"},
  "age": {"type": "integer", "minimum": 0, "maximum": 150}, "friends": {"type": "array", "items": {"type": "string"}},
  "story": {"type": "string", "minLength": 20}}, "required": ["name", "age", "friends", "story"]})";
constexpr const char* short_string = R"({"type": "string", "maxLength": 200})";
constexpr const char* any_value = "{}";

/// The tree of the vocabulary, once; the automaton; and the slowest of 500 states when its edges are first asked for.
void automaton_of(benchmark::State& state, const char* schema) {
  const char* const folder = std::getenv("TYPEFORMER_SHARED");
  const std::string shared = folder == nullptr ? "../shared" : folder;
  const auto ids = bytes_of_regular_file(shared + "/tokenizers/gpt2/encoder.json", 1u << 30);
  const auto merges = bytes_of_regular_file(shared + "/tokenizers/gpt2/vocab.bpe", 1u << 30);
  if (!ids || !merges) return state.SkipWithError("the reference data is not there: set TYPEFORMER_SHARED");
  const auto with = byte_level_tokenizer(*ids, *merges);
  const auto bytes = bytes_of_tokens(*with);
  const double start = benchmarks::thread_seconds();
  const token_trie vocabulary{*bytes};
  const double tree = benchmarks::thread_seconds() - start;
  double slowest = 0;
  for (auto _ : state) {
    auto automaton = grammar_automaton::of(*json_schema_grammar(schema), vocabulary);
    benchmark::DoNotOptimize(&automaton);
    state.PauseTiming();
    std::vector<bool> found(1, true);
    std::vector<std::uint32_t> open{automaton->start()};
    for (std::size_t i = 0; i < open.size() && i < 500; ++i) {
      const double before = benchmarks::thread_seconds();
      const auto edges = automaton->edges(open[i]);
      slowest = std::max(slowest, benchmarks::thread_seconds() - before);
      for (const token_edge& edge : edges) {
        if (edge.next >= found.size()) found.resize(std::size_t{edge.next} + 1);
        if (!found[edge.next]) found[edge.next] = true, open.push_back(edge.next);
      }
    }
    state.ResumeTiming();
  }
  state.counters["tree_ms"] = 1e3 * tree;
  state.counters["slowest_state_ms"] = 1e3 * slowest;
}

BENCHMARK_CAPTURE(automaton_of, records, records)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(automaton_of, short_string, short_string)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(automaton_of, any_value, any_value)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace typeformer
