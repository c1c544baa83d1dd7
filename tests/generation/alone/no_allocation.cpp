// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstdlib>
#include <new>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/beam_search.hpp>
#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/generate_speculatively.hpp>
#include <typeformer/generation/prefill_with_reuse.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>

namespace {
int allocations = 0;
}

TYPEFORMER_NOINLINE void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
TYPEFORMER_NOINLINE void operator delete(void* memory) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

TEST_CASE("allocates nothing in samplers") {
  using namespace typeformer;
  static std::array<float, 5000> logits;
  static std::array<candidate, 5000> workspace;
  philox generator{1};
  for (float& logit : logits) logit = 8.0f * uniform01(generator);
  const auto cold = *sampling_with(temperature::of(0.7f), top_k::of(40), top_p::of(0.9f));
  const auto nucleus = *sampling_with(temperature::of(1.1f), top_p::of(0.95f));
  static std::array<std::int32_t, 5000> numbers;
  const token_counts came{numbers};
  const auto long_chain = *sampling_with(repetition_penalty::of(1.2f, came), presence_penalty::of(0.1f, came),
                                         typical::of(0.9f), min_p::of(0.01f), count_chosen{came});

  ::operator delete(::operator new(1));  // a call that, unlike an expression, no compiler may leave out
  const int before = allocations;
  REQUIRE(before > 0);
  const int counted_from = allocations;
  std::int32_t least = 0;
  for (int i = 0; i < 20; ++i)
    least = std::min({least, greedy{}(logits), cold(logits, workspace, generator),
                      nucleus(logits, workspace, generator), long_chain(logits, workspace, generator)});
  const int counted_to = allocations;
  CHECK(counted_to == counted_from);
  CHECK(least == 0);
}

namespace typeformer {
namespace {
struct tiny : gpt2<gpt2_config{.layers = 1, .width = 16, .heads = 2, .vocabulary = 20, .context = 16}> {};
}  // namespace

TEST_CASE("allocates nothing in generation") {
  const weights<tiny> values{testing::random_parameters<tiny>(5)};
  static session<tiny, batch<6>, storage::in_place> run{values};
  static session<tiny, all_logits, storage::in_place> large{values};
  static session<tiny, storage::in_place> small{values};
  static beam_search<decltype(run), storage::in_place> beams;
  static std::array<candidate, 20> workspace;
  static std::array<float, 60> probabilities;
  const std::array<std::int32_t, 3> prompt{1, 2, 3}, longer{1, 2, 7};
  const std::array<std::span<const std::int32_t>, 2> prompts{prompt, longer};
  std::array stops{stop_sequence{longer}};
  const std::array requests{generation_request{.prompt = prompt, .max_tokens = 9, .stop_sequences = stops},
                            generation_request{.prompt = longer, .max_tokens = 12}};
  std::array<generated_text, 2> texts;
  const auto sampler = *sampling_with(temperature::of(1.5f));
  philox generator{6};

  const int counted_from = allocations;
  const bool searched = beams.run(run, prompts, {.beams = 3, .max_tokens = 8}).has_value();
  run.reset();
  const bool told =
      generate_batch(
          run, requests, texts,
          [&](index_type, std::span<const float> logits) { return sampler(logits, workspace, generator); },
          [](index_type, std::int32_t) { return true; })
          .has_value();
  const bool speculated = generate_speculatively(large, small, requests[1], 3, sampler, {workspace, probabilities},
                                                 generator, [](std::int32_t) { return true; })
                              .has_value();
  const bool reused = prefill_with_reuse(small, longer, prompt).has_value();
  const int counted_to = allocations;
  CHECK(counted_to == counted_from);
  CHECK(searched);
  CHECK(told);
  CHECK(speculated);
  CHECK(reused);
}

}  // namespace typeformer
