// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstdlib>
#include <new>

#include <typeformer/generation/samplers.hpp>

#include <support/catch.hpp>

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

TEST_CASE("samplers allocate nothing") {
  using namespace typeformer;
  static std::array<float, 5000> logits;
  static std::array<candidate, 5000> workspace;
  philox generator{1};
  for (float& logit : logits) logit = 8.0f * uniform01(generator);
  const auto cold = *sampling_with(temperature::of(0.7f), top_k::of(40), top_p::of(0.9f));
  const auto nucleus = *sampling_with(temperature::of(1.1f), top_p::of(0.95f));

  ::operator delete(::operator new(1));  // a call that, unlike an expression, no compiler may leave out
  const int before = allocations;
  REQUIRE(before > 0);
  const int counted_from = allocations;
  std::int32_t least = 0;
  for (int i = 0; i < 20; ++i)
    least =
        std::min({least, greedy{}(logits), cold(logits, workspace, generator), nucleus(logits, workspace, generator)});
  const int counted_to = allocations;
  CHECK(counted_to == counted_from);
  CHECK(least == 0);
}
