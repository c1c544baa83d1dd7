// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include <support/catch.hpp>

#include <typeformer/foundation/philox.hpp>

#if __has_include(<Random123/philox.h>)
#include <typeformer/execution/dropout.hpp>
#include <typeformer/hosted/random123_philox.hpp>

TEST_CASE("generates the same words with Random123 and with the core's generator") {
  namespace tf = typeformer;
  tf::philox words{20261123};
  bool same = true;
  for (int i = 0; i < 10'000; ++i) {
    const tf::philox::counter_type counter{words(), words(), words(), words()};
    const tf::philox::key_type key{words(), words()};
    same = same && tf::random123_philox::block(counter, key) == tf::philox::block(counter, key);
  }
  CHECK(same);
}
#else
TEST_CASE("generates the same words with Random123 and with the core's generator") {
  std::puts("SKIPPED: generates the same words with Random123 and with the core's generator: no Random123/philox.h");
  SUCCEED();
}
#endif
