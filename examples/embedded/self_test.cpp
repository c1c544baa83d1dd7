// SPDX-License-Identifier: BSL-1.0
// A model on a board: it checks the flash and itself, and continues the golden input. `MODEL` is the name that
// typeformer-import --embed was given; its header is that of the image.
#include TYPEFORMER_IMAGE
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/inspection/native_target.hpp>
#include <typeformer/session/session.hpp>

#include "board.hpp"
#include "board_memory.hpp"

namespace tf = typeformer;

#define JOINED(a, b) a##b
#define OF_MODEL(name, part) JOINED(name, part)
using model = MODEL;
using image = OF_MODEL(MODEL, _image);
using model_weights = OF_MODEL(MODEL, _weights);
using cache = OF_MODEL(MODEL, _cache);

#ifndef CONTEXT
#define CONTEXT 32
#endif

// A prompt is read 8 tokens at a time.
using use = tf::decoding_with<tf::tokens<8>, tf::context<CONTEXT>, cache, tf::reads<model_weights>>;
using session =
    tf::session<model, tf::tokens<8>, tf::context<CONTEXT>, cache, tf::reads<model_weights>, tf::storage::in_place>;
static_assert(tf::fits<model, use, board::memory, tf::native>);

int run() {
  static session run{model_weights{}};
  if (const auto tested = tf::self_test<image>(run); !tested) {
    board::write("self-test failed: ");
    const auto why = tested.error().message();
    for (const char c : why.view()) {
      const char one[] = {c, 0};
      board::write(one);
    }
    board::write("\n");
    return 1;
  }
  board::write("self-test passed\n");

  auto logits = run.prefill(image::golden_input);
  const std::uint32_t start = board::instructions();
  int tokens = 0;
  for (; logits && tokens < 16; ++tokens) {
    const std::int32_t id = tf::greedy{}(*logits);
    board::write(id);
    board::write(" ");
    logits = run.decode(id);
  }
  const std::uint32_t used = board::instructions() - start;
  board::write("\ninstructions a token: ");
  board::write(std::int32_t(used) / tokens);
  board::write("\nRAM: ");
  board::write(std::int32_t(sizeof run));
  board::write("\nstack: ");
  board::write(std::int32_t(board::stack_used()));
  board::write(board::stack_used() <= std::size_t(tf::stack_bytes<model, use>) ? " of " : " TOO MUCH, of ");
  board::write(std::int32_t(tf::stack_bytes<model, use>));
  board::write("\n");
  return logits ? 0 : 2;
}
