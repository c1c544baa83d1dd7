// SPDX-License-Identifier: BSL-1.0
#pragma once
// The stack that a processor uses, measured and compared with `stack_bytes`: on this machine and on a microcontroller.
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/stack.hpp>
#include <typeformer/layers/token_embedding.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/palm.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

namespace stack_cases {

namespace tf = typeformer;

/// Bytes of stack below this call that `work` touches. They are painted before the call and inspected after it.
template <class Work> __attribute__((noinline)) std::size_t stack_used(std::size_t most, Work work) {
  constexpr unsigned char paint = 0xa5;
  constexpr std::size_t own = 512;  // for painting and inspecting
  volatile unsigned char* const here = static_cast<unsigned char*>(__builtin_frame_address(0));
  for (std::size_t below = own; below < most; ++below) here[-std::ptrdiff_t(below)] = paint;
  work();
  std::size_t used = most;
  while (used > own && here[-std::ptrdiff_t(used - 1)] == paint) --used;
  return used;
}

using block = tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<64, tf::gelu_tanh>>;
template <class... Body>
struct stack : tf::decoder_only<tf::token_embedding<tf::vocabulary<64>, tf::width<32>>,
                                tf::learned_positions<tf::context<32>>, Body..., tf::layer_norm<>, tf::tied_head> {};
struct one_block : stack<tf::named<"a", block>> {};
struct eight_blocks
    : stack<tf::named<"a", block>, tf::named<"b", block>, tf::named<"c", block>, tf::named<"d", block>,
            tf::named<"e", block>, tf::named<"f", block>, tf::named<"g", block>, tf::named<"h", block>> {};
struct distinct_in_a_checkpoint
    : stack<tf::checkpoint<tf::named<"a", block>, tf::named<"b", block>, tf::named<"c", block>, tf::named<"d", block>,
                           tf::named<"e", block>>> {};
struct deeply_nested
    : stack<tf::repeat<
          2, tf::sequential<tf::residual<tf::sequential<block, tf::residual<tf::repeat<2, tf::checkpoint<block>>>>>,
                            tf::layer_norm<>>>> {};
struct repeated : stack<tf::repeat<6, block>> {};
struct side_by_side : tf::palm<tf::palm_config{
                          .layers = 2, .width = 32, .heads = 4, .head_width = 16, .vocabulary = 64, .context = 32}> {};
struct wide_heads
    : tf::llama<tf::llama_config{.layers = 1, .width = 96, .heads = 1, .hidden = 32, .vocabulary = 64, .context = 32}> {
};

template <class... M> inline constexpr std::int64_t most_parameters = std::max({tf::layout_of<M>.parameters...});
inline constexpr auto most = most_parameters<eight_blocks, deeply_nested, repeated, side_by_side, wide_heads>;
inline float values[most], gradients[most];

/// Reports each use of each model: report(name, use, used, bound).
template <class M, class Report> void measure(const char* name, Report report) {
  static_assert(tf::layout_of<M>.parameters <= most);
  std::uint32_t state = 1;
  for (float& value : values) {
    state = state * 1664525u + 1013904223u;
    value = (float(state >> 8) / float(1 << 24) - 0.5f) * 0.2f;
  }
  using weights = tf::canonical_weights<M>;
  static tf::session<M, tf::tokens<16>, tf::storage::in_place, tf::reads<weights>> run{
      *weights::from(std::span<const float>{values, std::size_t(tf::layout_of<M>.parameters)})};
  static const std::int32_t prompt[20] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  constexpr std::size_t decoding = tf::stack_bytes<M, tf::decoding_with<tf::tokens<16>>>;
  report(name, "decoding",
         stack_used(4 * decoding,
                    [] {
                      (void)run.prefill(prompt);
                      (void)run.decode(3);
                    }),
         decoding);

  using objective = tf::causal_language_model;
  static tf::training_pass<M, objective, tf::tokens<16>, tf::storage::in_place> learn;
  static const tf::index_type first_row[] = {0, 16};
  static std::int32_t positions[16];
  for (int i = 0; i < 16; ++i) positions[i] = i;
  static tf::token_batch batch;
  batch.sequences = 1;
  batch.rows = 16;
  batch.first_row = first_row;
  batch.ids = batch.labels = prompt;
  batch.positions = positions;
  constexpr std::size_t training = tf::stack_bytes<M, tf::training_with<objective, tf::tokens<16>>>;
  report(name, "training", stack_used(4 * training, [] { (void)learn.run(values, gradients, batch); }), training);
}

template <class Report> void measure_all(Report report) {
  measure<one_block>("one block", report);
  measure<eight_blocks>("eight distinct blocks", report);
  measure<distinct_in_a_checkpoint>("distinct blocks in a checkpoint", report);
  measure<deeply_nested>("nested compositions", report);
  measure<repeated>("repeated block", report);
  measure<side_by_side>("PaLM", report);
  measure<wide_heads>("Llama with wide heads", report);
}

}  // namespace stack_cases
