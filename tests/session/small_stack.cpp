// SPDX-License-Identifier: BSL-1.0
// Static shapes do not need the stack: wide models run on a small one.
#include <array>
#include <cmath>

#include <support/catch.hpp>
#include <support/small_stack.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/session/session.hpp>

namespace {

using namespace typeformer;

constexpr std::size_t stack_bytes = 64 * 1024;

struct wide_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 768, .heads = 12, .vocabulary = 300, .context = 128}> {};
struct wide_llama : llama<llama_config{.layers = 2,
                                       .width = 1024,
                                       .heads = 16,
                                       .key_value_heads = 4,
                                       .hidden = 2816,
                                       .vocabulary = 300,
                                       .context = 128}> {};

template <class M> using session_in_place = session<M, storage::in_place, reads<canonical>>;
static_assert(sizeof(session_in_place<wide_gpt2>) > 16 * stack_bytes);

template <class M> struct fixture {
  static inline std::array<float, std::size_t(layout_of<M>.parameters)> values;
  static inline const canonical_weights<M> weights{values};
  static inline session_in_place<M> run{weights};
  static inline bool finished = false;
  static inline float sum = 0;

  static void* prefill_and_decode(void*) {
    static std::array<std::int32_t, 70> prompt;  // takes two passes of the prompt capacity
    for (std::size_t i = 0; i < prompt.size(); ++i) prompt[i] = std::int32_t(i * 7 % 300);
    const auto first = run.prefill(prompt);
    if (!first) return nullptr;
    const auto second = run.decode(3);
    if (!second) return nullptr;
    for (float logit : *second) sum += std::abs(logit);
    finished = true;
    return nullptr;
  }
};

template <class M> void check_on_small_stack() {
  using running = fixture<M>;
  std::uint32_t state = 1;
  for (float& value : running::values) {
    state = state * 1664525u + 1013904223u;
    value = (float(state >> 8) / float(1 << 24) - 0.5f) * 0.1f;
  }
  CHECK(run_on_stack(small_stack(stack_bytes), running::prefill_and_decode, nullptr));
  CHECK(running::finished);
  CHECK(std::isfinite(running::sum));
  CHECK(running::sum > 0);
}

}  // namespace

TEST_CASE("prefills and decodes on a stack of 64 KiB: a wide GPT-2") { check_on_small_stack<wide_gpt2>(); }
TEST_CASE("prefills and decodes on a stack of 64 KiB: a wide Llama") { check_on_small_stack<wide_llama>(); }
