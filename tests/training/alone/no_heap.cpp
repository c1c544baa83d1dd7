// SPDX-License-Identifier: BSL-1.0
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/session/batch_tables.hpp>

#include "support/armed_heap.hpp"
#include "support/catch.hpp"
#include "support/small_stack.hpp"

namespace typeformer {
namespace {

struct wide_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 768, .heads = 12, .vocabulary = 300, .context = 32}> {};
struct wide_llama : llama<llama_config{.layers = 2,
                                       .width = 768,
                                       .heads = 12,
                                       .key_value_heads = 4,
                                       .hidden = 2048,
                                       .vocabulary = 300,
                                       .context = 32,
                                       .recomputes_blocks = true}> {};

template <class M> struct training_memory {
  alignas(64) float values[layout_of<M>.parameters], gradients[layout_of<M>.parameters],
      state[2][layout_of<M>.parameters];
  training_pass<M, causal_language_model, batch<2>, tokens<32>, storage::in_place> learn;
  batch_tables<2, 32> tables;
  std::int32_t labels[64];
  float first = 0, last = 0;
};

/// Three steps of training with static memory only.
template <class M> void* train(void* memory) {
  training_memory<M>& m = *static_cast<training_memory<M>*>(memory);
  armed = true;
  for (index_type s = 0; s < 2; ++s) {
    m.tables.start_sequence(0);
    for (index_type t = 0; t < (s ? 17 : 32); ++t) m.tables.add(static_cast<std::int32_t>(7 * t % 300), t);
  }
  token_batch batch = m.tables.view();
  for (index_type r = 0; r < batch.rows; ++r) m.labels[r] = (batch.ids[r] + 7) % 300;
  batch.labels = m.labels;
  batch.loss_scale = 1.0 / static_cast<double>(batch.rows);
  for (int step = 1; step <= 3; ++step) {
    for (float& g : m.gradients) g = 0;
    m.last = *m.learn.run(m.values, m.gradients, batch);
    if (step == 1) m.first = m.last;
    const index_type shape[] = {index_type(layout_of<M>.parameters)};
    adamw{}.update<float>(
        {.values = m.values, .gradient = m.gradients, .state = {m.state[0], m.state[1]}, .shape = shape}, {step, 3e-3});
  }
  armed = false;
  return nullptr;
}

template <class M> void train_on_a_small_stack() {
  static training_memory<M> memory;
  std::uint32_t word = 1;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    for (index_type i = 0; i < t.size(); ++i) {
      word = word * 1664525u + 1013904223u;
      const float noise = static_cast<float>(word >> 8) / 16777216.0f - 0.5f;
      memory.values[t.offset + i] = t.of->kind == parameter_kind::vector ? 1.0f : 0.05f * noise;
    }
  });
  const bool ran = run_on_stack(small_stack(128 * 1024), train<M>, &memory);
  CHECK(ran);
  CHECK(memory.last < memory.first);
}

TEST_CASE("trains without heap and on a small stack") {
  SECTION("gpt2") { train_on_a_small_stack<wide_gpt2>(); }
  SECTION("llama, blocks recomputed") { train_on_a_small_stack<wide_llama>(); }
}

}  // namespace
}  // namespace typeformer
