// SPDX-License-Identifier: BSL-1.0
#include <typeformer/foundation/int4.hpp>

#include <support/catch.hpp>

using typeformer::int4_pair;
using typeformer::uint4_pair;

static_assert(int4_pair::pack(-1, 7).bits == 0x7f);
static_assert(uint4_pair::pack(1, 15).bits == 0xf1);
static_assert(sizeof(int4_pair) == 1 && sizeof(uint4_pair) == 1);

TEST_CASE("packs every pair of signed four-bit numbers into a different byte", "[int4]") {
  for (int first = -8; first <= 7; ++first) {
    for (int second = -8; second <= 7; ++second) {
      const int4_pair pair = int4_pair::pack(first, second);
      CHECK(pair.first() == first);
      CHECK(pair.second() == second);
      CHECK(pair.bits == (first & 0xf) + 16 * (second & 0xf));
    }
  }
}

TEST_CASE("packs every pair of unsigned four-bit numbers into a different byte", "[int4]") {
  for (int byte = 0; byte < 256; ++byte) {
    const uint4_pair pair{static_cast<std::uint8_t>(byte)};
    CHECK(pair.first() == byte % 16);
    CHECK(pair.second() == byte / 16);
    CHECK(uint4_pair::pack(pair.first(), pair.second()) == pair);
  }
}

TEST_CASE("saturates four-bit numbers", "[int4]") {
  CHECK(int4_pair::pack(-9, 8) == int4_pair::pack(-8, 7));
  CHECK(int4_pair::pack(1000, -1000) == int4_pair::pack(7, -8));
  CHECK(uint4_pair::pack(-1, 16) == uint4_pair::pack(0, 15));
}
