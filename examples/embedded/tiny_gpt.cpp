// SPDX-License-Identifier: BSL-1.0
// What a small model costs on a board: RAM, stack, and instructions for a token. Its weights are drawn, not trained: the
// costs do not depend on them. FORMAT is a format of weights, such as typeformer::int8<>; without it they are float.
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/native_target.hpp>
#include <typeformer/parameters/narrow_weights_order.hpp>
#include <typeformer/session/embedded_weights.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

#include "board.hpp"
#include "board_memory.hpp"

#ifndef FORMAT
#define FORMAT float
#endif

namespace tf = typeformer;

// clang-format off
struct tiny_gpt : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<64>, tf::width<32>>,
    tf::learned_positions<tf::context<32>>,
    tf::repeat<2, tf::pre_norm_block<
        tf::self_attention<tf::heads<2>, tf::causal>,
        tf::feed_forward<64, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};
// clang-format on

/// What typeformer-import --embed would write, but in RAM.
struct drawn_image {
  using model = tiny_gpt;
  using format = FORMAT;
  static constexpr tf::index_type lanes = tf::simd::pack<float>::lanes,
                                  words = tf::index_type(tf::weights_order<model, format>{lanes}.words());
  static inline std::uint32_t drawn[words];
  static const float* data() { return reinterpret_cast<const float*>(drawn); }
};
using drawn_weights = tf::embedded_weights<drawn_image>;
using use = tf::decoding_with<tf::tokens<8>, tf::reads<drawn_weights>>;
static_assert(tf::fits<tiny_gpt, use, board::memory, tf::native>);

int run() {
  std::uint32_t state = 1;
  for (std::uint32_t& word : drawn_image::drawn) {
    state = state * 1664525u + 1013904223u;
    word = 0x3c000000u | state >> 9;  // as a float from 0.0078 to 0.0156, otherwise any numbers of a few bits
  }
  static tf::session<tiny_gpt, tf::tokens<8>, tf::reads<drawn_weights>, tf::storage::in_place> run{drawn_weights{}};
  const std::int32_t prompt[] = {1, 2, 3, 60, 5, 17, 33, 8};
  std::uint32_t start = board::instructions();
  auto logits = run.prefill(prompt);
  const std::uint32_t for_prompt = board::instructions() - start;
  start = board::instructions();
  for (std::int32_t id = 0; logits && id < 16; ++id) logits = run.decode(id);
  const std::uint32_t for_tokens = board::instructions() - start;
  if (!logits) return 1;

  const auto print = [](const char* what, std::int32_t number) {
    board::write(what);
    board::write(number);
    board::write("\n");
  };
  print("weights: ", std::int32_t(4 * drawn_image::words));
  print("RAM: ", std::int32_t(sizeof run));
  print("stack: ", std::int32_t(board::stack_used()));
  print("stack_bytes: ", std::int32_t(tf::stack_bytes<tiny_gpt, use>));
  print("instructions for a prompt of 8: ", std::int32_t(for_prompt));
  print("instructions a token: ", std::int32_t(for_tokens / 16));
  return 0;
}
