// SPDX-License-Identifier: BSL-1.0
// Bytes a second of GPT-2's tokenizer. The environment variable TYPEFORMER_SHARED is the folder of the reference data.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>

namespace typeformer {
namespace {

std::string file_of(const std::string& name) {
  const char* const folder = std::getenv("TYPEFORMER_SHARED");
  const auto bytes =
      bytes_of_regular_file(std::string(folder == nullptr ? "../shared" : folder) + "/" + name, 1u << 30);
  return bytes ? *bytes : std::string{};
}

void measure(benchmark::State& state, const std::string& text) {
  auto with = byte_level_tokenizer(file_of("tokenizers/gpt2/encoder.json"), file_of("tokenizers/gpt2/vocab.bpe"));
  if (!with || text.empty()) return state.SkipWithError("the reference data is not there: set TYPEFORMER_SHARED");
  for (auto _ : state) {
    const auto ids = with->encode_ids(text);
    benchmark::DoNotOptimize(ids->data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void repeated(benchmark::State& state, std::string_view unit) {
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += unit;
  measure(state, text);
}

void english(benchmark::State& state) { measure(state, file_of("corpora/gutenberg/sherlock_holmes.body.txt")); }
void shakespeare(benchmark::State& state) { measure(state, file_of("corpora/tinyshakespeare/input.txt")); }
void one_letter(benchmark::State& state) { repeated(state, "a"); }
void spaces(benchmark::State& state) { repeated(state, " "); }
void emoji(benchmark::State& state) { repeated(state, "\xF0\x9F\x98\x81"); }
void combining_marks(benchmark::State& state) { repeated(state, "\xCC\x81"); }

BENCHMARK(english)->Unit(benchmark::kMillisecond);
BENCHMARK(shakespeare)->Unit(benchmark::kMillisecond);
// Twice the text may take at most 2.2 times as long.
BENCHMARK(one_letter)->Arg(1 << 20)->Arg(1 << 21)->Unit(benchmark::kMillisecond);
BENCHMARK(spaces)->Arg(1 << 20)->Arg(1 << 21)->Unit(benchmark::kMillisecond);
BENCHMARK(emoji)->Arg(1 << 20)->Arg(1 << 21)->Unit(benchmark::kMillisecond);
BENCHMARK(combining_marks)->Arg(1 << 20)->Arg(1 << 21)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace typeformer
