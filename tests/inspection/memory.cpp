// SPDX-License-Identifier: BSL-1.0
#include <typeformer/typeformer.hpp>

#include "inspection/models.hpp"
#include "support/catch.hpp"

namespace tf = typeformer;

namespace {

using inspected::small_gpt2;
using inspected::small_llama;

struct without_attention : tf::decoder_only<tf::token_embedding<tf::vocabulary<30>, tf::width<8>>,
                                            tf::learned_positions<tf::context<7>>, tf::tied_head> {};

template <class M, class... Options> using in_place_session =
    tf::session<M, tf::reads<tf::canonical_weights<M>>, tf::storage::in_place, Options...>;
template <class M, class... Options> using in_place_evaluator =
    tf::evaluator<M, tf::reads<tf::canonical_weights<M>>, tf::storage::in_place, Options...>;

template <class M, class... Options> constexpr bool session_is_exact() {
  using counted = tf::memory<M, tf::decoding_with<Options...>>;
  static_assert(sizeof(in_place_session<M, Options...>) == counted::ram_bytes);
  using packed = tf::memory<M, tf::decoding_with<Options...>, tf::native>;
  static_assert(sizeof(tf::session<M, tf::storage::in_place, Options...>) == packed::ram_bytes);
  return true;
}
template <class M, class... Options> constexpr bool evaluator_is_exact() {
  using counted = tf::memory<M, tf::evaluating_with<Options...>>;
  static_assert(sizeof(in_place_evaluator<M, Options...>) == counted::ram_bytes);
  static_assert(counted::state_bytes == 0);
  return true;
}

static_assert(session_is_exact<small_gpt2>());
static_assert(session_is_exact<small_gpt2, tf::batch<3>, tf::prompt<5>, tf::context<17>>());
static_assert(session_is_exact<small_llama>());
static_assert(session_is_exact<small_llama, tf::batch<2>, tf::prompt<1>>());
static_assert(session_is_exact<without_attention, tf::batch<5>>());
static_assert(evaluator_is_exact<small_gpt2>());
static_assert(evaluator_is_exact<small_gpt2, tf::batch<3>, tf::prompt<5>>());
static_assert(evaluator_is_exact<small_llama, tf::observing>());
static_assert(evaluator_is_exact<without_attention>());

struct gpt2_small : tf::gpt2<tf::gpt2_config{}> {};

}  // namespace

TEST_CASE("what remembers keys and values is two floats for each column, block and token, keys in whole panels") {
  using gpt2 = tf::memory<small_gpt2, tf::decoding_with<tf::batch<3>, tf::context<17>>>;
  CHECK(gpt2::state_bytes == 4 * 2 * 3 * (17 + 32) * 32);  // 17 tokens are two panels of 16
  using llama = tf::memory<small_llama, tf::decoding>;
  CHECK(llama::state_bytes == 4 * 3 * (40 + 48) * 32);  // two of four heads
  CHECK(tf::memory<without_attention, tf::decoding>::state_bytes == 0);
}

TEST_CASE("the parts of the memory leave only pointers and padding") {
  using counted = tf::memory<small_llama, tf::decoding>;
  const auto rest = counted::ram_bytes - counted::arena_bytes - counted::state_bytes - counted::tables_bytes;
  CHECK(rest >= std::int64_t(3 * sizeof(void*)));
  CHECK(rest < 3 * 64 + std::int64_t(3 * sizeof(void*)));
  CHECK(counted::ram_bytes % 64 == 0);
}

TEST_CASE("a longer prompt needs a larger arena, more context a larger state, nothing else") {
  using short_prompt = tf::memory<small_gpt2, tf::decoding_with<tf::prompt<4>>>;
  using long_prompt = tf::memory<small_gpt2, tf::decoding_with<tf::prompt<32>>>;
  CHECK(short_prompt::arena_bytes < long_prompt::arena_bytes);
  CHECK(short_prompt::state_bytes == long_prompt::state_bytes);
  using short_context = tf::memory<small_gpt2, tf::decoding_with<tf::prompt<4>, tf::context<16>>>;
  CHECK(short_context::arena_bytes == short_prompt::arena_bytes);
  CHECK(short_context::state_bytes < short_prompt::state_bytes);
}

TEST_CASE("weights are four bytes a parameter, and packed ones what kernels may read behind them") {
  CHECK(tf::memory<gpt2_small, tf::decoding>::flash_bytes == 4 * 124'439'808LL);
  CHECK(tf::memory<gpt2_small, tf::decoding, tf::native>::flash_bytes ==
        4 * (124'439'808LL + tf::kernels::panel_overread));
  CHECK(tf::memory<gpt2_small, tf::decoding>::state_bytes == 2LL * 4 * 12 * 1024 * 768);
}
