// SPDX-License-Identifier: BSL-1.0
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/typeformer.hpp>

#include "inspection/models.hpp"
#include "support/catch.hpp"

namespace tf = typeformer;

namespace {

using inspected::small_gpt2;
using inspected::small_llama;

struct without_attention : tf::decoder_only<tf::token_embedding<tf::vocabulary<30>, tf::width<8>>,
                                            tf::learned_positions<tf::context<7>>, tf::tied_head> {};

// A law of every use: what holds a model's memory is as large as `memory` says, whatever the options.
template <class Holder, class Memory> constexpr void is_held() {
  static_assert(sizeof(Holder) == Memory::ram_bytes);
  static_assert(alignof(Holder) <= 64 && Memory::heap_bytes == 0);
  static_assert(Memory::ram_bytes - Memory::arena_bytes - Memory::state_bytes - Memory::tables_bytes >= 0);
}
template <class M, class... Options> constexpr void session_is_exact() {
  using weights = tf::reads<tf::canonical>;
  is_held<tf::session<M, tf::storage::in_place, weights, Options...>,
          tf::footprint<M, tf::decoding_with<Options...>>>();
  is_held<tf::session<M, tf::storage::in_place, Options...>,
          tf::footprint<M, tf::decoding_with<Options...>, tf::native>>();
}
template <class M, class... Options> constexpr void forward_pass_is_exact() {
  using weights = tf::reads<tf::canonical>;
  is_held<tf::forward_pass<M, Options..., tf::storage::in_place, weights>,
          tf::footprint<M, tf::evaluating_with<Options...>>>();
  is_held<tf::forward_pass<M, Options..., tf::storage::in_place>,
          tf::footprint<M, tf::evaluating_with<Options...>, tf::native>>();
  static_assert(tf::footprint<M, tf::evaluating_with<Options...>>::state_bytes == 0);
}
template <class M, class Objective, class... Options> constexpr void training_pass_is_exact() {
  is_held<tf::training_pass<M, Objective, tf::storage::in_place, Options...>,
          tf::footprint<M, tf::training_with<Objective, Options...>>>();
  is_held<tf::loss_pass<M, Objective, tf::storage::in_place, Options...>,
          tf::footprint<M, tf::scoring_with<Objective, Options...>>>();
}

/// A form of weights whose view is no single pointer, and workers that hold a pointer.
template <class M> struct banked_weights {
  struct banked_view : tf::canonical_weights_view<float> {
    const float* second_bank[3]{};
  };
  banked_view view() const { return {}; }
};
using on_three = tf::on_workers<tf::spin_workers<3>>;

template <class M, class... Options> constexpr void evaluates_and_learns() {
  forward_pass_is_exact<M, Options...>();
  forward_pass_is_exact<M, tf::observing, Options...>();
  forward_pass_is_exact<M, on_three, Options...>();
  training_pass_is_exact<M, tf::causal_language_model, Options...>();
  training_pass_is_exact<M, tf::causal_language_model, on_three, Options...>();
}
template <class M, class... Options> constexpr void decodes_too() {
  session_is_exact<M, Options...>();
  session_is_exact<M, tf::all_logits, Options...>();
  session_is_exact<M, Options..., on_three>();
  is_held<tf::session<M, tf::reads<banked_weights<M>>, tf::storage::in_place, Options...>,
          tf::footprint<M, tf::decoding_with<Options..., tf::reads<banked_weights<M>>>>>();
  evaluates_and_learns<M, Options...>();
}
template <class M> constexpr bool every_use_is_exact() {
  decodes_too<M>();
  decodes_too<M, tf::batch<3>, tf::tokens<5>>();
  session_is_exact<M, tf::tokens<4>, tf::context<6>>();
  return true;
}
static_assert(every_use_is_exact<small_gpt2>());
static_assert(every_use_is_exact<small_llama>());
static_assert(every_use_is_exact<without_attention>());

struct caches_segments
    : tf::gopher<tf::gopher_config{
          .layers = 2, .width = 32, .heads = 2, .hidden = 64, .vocabulary = 64, .context = 32, .memory = 64}> {};
constexpr bool segment_memory_is_exact() {
  decodes_too<caches_segments>();
  decodes_too<caches_segments, tf::batch<2>, tf::tokens<16>>();
  session_is_exact<caches_segments, tf::context<150>>();
  return true;
}
static_assert(segment_memory_is_exact());
static_assert(tf::footprint<caches_segments, tf::training_with<tf::causal_language_model>>::state_bytes > 0);

struct reads_a_source
    : tf::t5<tf::t5_config{
          .layers = 2, .width = 32, .heads = 4, .head_width = 8, .hidden = 48, .vocabulary = 60, .context = 20}> {};
constexpr bool source_is_exact() {
  decodes_too<reads_a_source>();
  decodes_too<reads_a_source, tf::batch<3>, tf::source<7>>();
  return true;
}
static_assert(source_is_exact());

struct gpt2_small : tf::gpt2<tf::gpt2_config{}> {};

}  // namespace

TEST_CASE("counts two floats per column, block and token for cached keys and values, keys in whole panels") {
  using gpt2 = tf::footprint<small_gpt2, tf::decoding_with<tf::batch<3>, tf::context<17>>>;
  CHECK(gpt2::state_bytes == 4 * 2 * 3 * (17 + 32) * 32);  // 17 tokens are two panels of 16
  using llama = tf::footprint<small_llama, tf::decoding>;
  CHECK(llama::state_bytes == 4 * 3 * (40 + 48) * 32);  // two of four heads
  CHECK(tf::footprint<without_attention, tf::decoding>::state_bytes == 0);
}

TEST_CASE("adds up the parts of the memory to all but pointers and padding") {
  using counted = tf::footprint<small_llama, tf::decoding>;
  const auto rest = counted::ram_bytes - counted::arena_bytes - counted::state_bytes - counted::tables_bytes;
  CHECK(rest >= std::int64_t(2 * sizeof(void*)));
  CHECK(rest < 3 * 64 + std::int64_t(2 * sizeof(void*)));
  CHECK(counted::ram_bytes % 64 == 0);
}

TEST_CASE("counts what owned storage allocates beside the object") {
  using owned = tf::footprint<small_llama, tf::decoding_with<tf::storage::owned>>;
  CHECK(owned::heap_bytes == owned::arena_bytes + owned::state_bytes);
  CHECK(owned::ram_bytes == std::int64_t(sizeof(tf::session<small_llama>)) + owned::heap_bytes);
  using training = tf::footprint<small_llama, tf::training_with<tf::causal_language_model, tf::storage::owned>>;
  CHECK(training::ram_bytes ==
        std::int64_t(sizeof(tf::training_pass<small_llama, tf::causal_language_model>)) + training::heap_bytes);
}

TEST_CASE("enlarges only the arena for a longer prompt, and only the state for more context") {
  using short_prompt = tf::footprint<small_gpt2, tf::decoding_with<tf::tokens<4>>>;
  using long_prompt = tf::footprint<small_gpt2, tf::decoding_with<tf::tokens<32>>>;
  CHECK(short_prompt::arena_bytes < long_prompt::arena_bytes);
  CHECK(short_prompt::state_bytes == long_prompt::state_bytes);
  using short_context = tf::footprint<small_gpt2, tf::decoding_with<tf::tokens<4>, tf::context<16>>>;
  CHECK(short_context::arena_bytes == short_prompt::arena_bytes);
  CHECK(short_context::state_bytes < short_prompt::state_bytes);
}

TEST_CASE("counts four bytes per parameter for weights, and for packed ones the readable scalars behind them") {
  CHECK(tf::footprint<gpt2_small, tf::decoding>::weights_bytes == 4 * 124'439'808LL);
  CHECK(tf::footprint<gpt2_small, tf::decoding, tf::native>::weights_bytes ==
        4 * (124'439'808LL + tf::kernels::panel_overread));
  CHECK(tf::footprint<gpt2_small, tf::decoding>::state_bytes == 2LL * 4 * 12 * 1024 * 768);
}

TEST_CASE("counts the constants of a plan as flash, and only the lists that a call reads") {
  using decoding = tf::footprint<small_gpt2, tf::decoding>;
  using evaluating = tf::footprint<small_gpt2, tf::evaluating>;
  using plan = tf::plan_of<small_gpt2, tf::decoding>;
  CHECK(decoding::plan_bytes == sizeof(plan::buffers) + sizeof(plan::states) + sizeof(plan::operands));
  CHECK(decoding::flash_bytes == decoding::weights_bytes + decoding::plan_bytes);
  using without_state = tf::plan_of<small_gpt2, tf::evaluating>;
  CHECK(evaluating::plan_bytes == sizeof(without_state::buffers) + sizeof(without_state::operands));
}

TEST_CASE("attributes every byte of the weights to a tensor") {
  const auto sum = []<class Memory, class M>(std::type_identity<Memory>, std::type_identity<M>) {
    std::int64_t bytes = 0;
    for (int i = 0; i < tf::layout_of<M>.leaf_count; ++i) bytes += Memory::bytes_of(tf::layout_of<M>.leaves[i]);
    return bytes;
  };
  using canonical = tf::footprint<small_llama, tf::decoding>;
  CHECK(sum(std::type_identity<canonical>{}, std::type_identity<small_llama>{}) == canonical::weights_bytes);
}

TEST_CASE("fits into a budget of exactly what it needs") {
  using use = tf::decoding_with<tf::tokens<4>>;
  using memory = tf::footprint<small_gpt2, use>;
  static_assert(
      tf::fits<small_gpt2, use,
               tf::budget<tf::flash<tf::index_type(memory::flash_bytes)>, tf::ram<tf::index_type(memory::ram_bytes)>,
                          tf::stack<tf::index_type(tf::stack_bytes<small_gpt2, use>)>>>);
  using one_byte_less = tf::budget<tf::ram<tf::index_type(memory::ram_bytes) - 1>>;
  static_assert(!tf::fits_together<tf::checked_budget<small_gpt2, use, one_byte_less>>);
  static_assert(!tf::fits_together<
                tf::checked_budget<small_gpt2, use, tf::budget<tf::flash<tf::index_type(memory::flash_bytes) - 1>>>>);
  static_assert(!tf::fits_together<tf::checked_budget<
                    small_gpt2, use, tf::budget<tf::stack<tf::index_type(tf::stack_bytes<small_gpt2, use>) - 1>>>>);
  CHECK(tf::fits<small_gpt2, use, tf::budget<tf::ram<1'000'000>>>);
}
