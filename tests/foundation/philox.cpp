// SPDX-License-Identifier: BSL-1.0
#include <random>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/generation/uniform01.hpp>

#include <support/catch.hpp>

using typeformer::philox;

static_assert(std::uniform_random_bit_generator<philox>);
static_assert(typeformer::RandomWords<philox>);
static_assert(typeformer::RandomWords<std::mt19937>);
static_assert(!typeformer::RandomWords<std::minstd_rand>, "its words are not 32 random bits");

// Random123, tests/kat_vectors, the lines of philox4x32 with 10 rounds.
static_assert(philox::block({0, 0, 0, 0}, {0, 0}) ==
              philox::counter_type{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox::block({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              philox::counter_type{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              philox::counter_type{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

TEST_CASE("generates the sequence of the C++26 standard's philox4x32") {
  philox generator{20111115};  // its default seed; [rand.predef] fixes the ten thousandth word
  std::uint32_t word = 0;
  for (int i = 0; i < 10'000; ++i) word = generator();
  CHECK(word == 1955073260u);
}

TEST_CASE("yields the words of philox's blocks in order, for neighboring streams") {
  const std::uint64_t seed = 0x299f31d0'a4093822, stream = 0x03707344'13198a2e;
  philox generator{seed, stream};
  for (std::uint32_t number = 0; number < 3; ++number)
    for (const std::uint32_t word : philox::block({number, 0, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}))
      CHECK(generator() == word);
  CHECK(philox{1}() != philox{2}());
  CHECK(philox{1, 0}() != philox{1, 1}());
}

TEST_CASE("discards words of philox as if they had been drawn") {
  for (std::uint64_t before = 0; before < 6; ++before)
    for (std::uint64_t count = 0; count < 20; ++count) {
      philox called{7}, skipped{7};
      for (std::uint64_t i = 0; i < before; ++i) called(), skipped();
      for (std::uint64_t i = 0; i < count; ++i) called();
      skipped.discard(count);
      INFO(count << " words after " << before);
      CHECK(called() == skipped());
    }
}

namespace {
struct extremes {
  std::uint32_t word;
  static constexpr std::uint32_t min() { return 0; }
  static constexpr std::uint32_t max() { return 0xFFFF'FFFFu; }
  constexpr std::uint32_t operator()() { return word; }
};
}  // namespace

TEST_CASE("keeps uniform01 below one, with the moments of the uniform distribution") {
  extremes least{0}, greatest{0xFFFF'FFFFu};
  CHECK(typeformer::uniform01(least) == 0.0f);
  CHECK(typeformer::uniform01(greatest) == 1.0f - 0x1p-24f);

  philox generator{3};
  const int draws = 100'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = static_cast<double>(typeformer::uniform01(generator));
    sum += x;
    squares += x * x;
  }
  // Five standard errors: sqrt(1/12 / draws) and sqrt(4/45 / draws).
  CHECK(sum / draws == Approx(0.5).margin(5 * 0.000913));
  CHECK(squares / draws == Approx(1.0 / 3).margin(5 * 0.000943));
}
