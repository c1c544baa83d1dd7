// SPDX-License-Identifier: BSL-1.0
// What a program needs to run GPT-2 124M: the type, its weights from a file, a prompt and tokens one by one. This is the
// translation unit that docs/compile_time.md speaks of. TYPEFORMER_LAYERS makes it deeper.
#include <cstdio>

#include <typeformer/execution/activation.hpp>
#include <typeformer/execution/buffer_operations.hpp>
#include <typeformer/execution/embedding.hpp>
#include <typeformer/execution/language_model_head.hpp>
#include <typeformer/execution/layer_norm.hpp>
#include <typeformer/execution/linear.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/session/session.hpp>

#ifndef TYPEFORMER_LAYERS
#define TYPEFORMER_LAYERS 12
#endif

namespace tf = typeformer;

struct gpt2_124m : tf::gpt2<tf::gpt2_config{.layers = TYPEFORMER_LAYERS}> {};
static_assert(tf::parameter_count<gpt2_124m> == 39'385'344 + TYPEFORMER_LAYERS * 7'087'872);
static_assert(TYPEFORMER_LAYERS != 12 || tf::parameter_count<gpt2_124m> == 124'439'808);

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const auto weights = tf::load<gpt2_124m>(arguments[1]);
  if (!weights) {
    std::fprintf(stderr, "%s\n", weights.error().message().c_str());
    return 1;
  }
  tf::session<gpt2_124m> run{*weights};
  const std::int32_t prompt[] = {15496, 11, 616, 3290};
  auto logits = run.prefill(prompt);
  for (int token = 0; token < 20 && logits; ++token) {
    std::int32_t best = 0;
    for (std::int32_t id = 0; id < gpt2_124m::vocabulary; ++id)
      if ((*logits)[std::size_t(id)] > (*logits)[std::size_t(best)]) best = id;
    std::printf("%d ", best);
    logits = run.decode(best);
  }
  std::printf("\n");
}
