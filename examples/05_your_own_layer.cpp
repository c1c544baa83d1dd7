// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 5. A layer of your own is planned, counted, named, initialized, run and trained without a change to the library. Read
//    layer_scale.hpp first. laws/layer_scale.cpp tests it with the same laws as the library's layers.
#include <cstdio>

#include "layer_scale.hpp"

#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

// A pre-norm block whose branches end in the new layer.
template <class Attention, class FeedForward>
struct scaled_block
    : tf::sequential<
          tf::residual<tf::named<"attention_norm", tf::layer_norm<>>, tf::named<"attention", Attention>,
                       tf::named<"attention_scale", mine::layer_scale>>,
          tf::residual<tf::named<"feed_forward_norm", tf::layer_norm<>>, tf::named<"feed_forward", FeedForward>,
                       tf::named<"feed_forward_scale", mine::layer_scale>>> {};

// clang-format off
struct my_model : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<16>, tf::width<32>>,
    tf::learned_positions<tf::context<24>>,
    tf::repeat<2, scaled_block<
        tf::self_attention<tf::heads<2>, tf::causal>,
        tf::feed_forward<64, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};
// clang-format on

using objective = tf::causal_language_model;

int main() {
  constexpr int tokens = 24, steps = 60;
  tf::parameters<my_model> values, gradients;
  tf::initialize(values, tf::philox{1});
  tf::training_pass<my_model, objective> training_pass;  // forward, loss and backward in one plan
  tf::optimizer_state<my_model, tf::adamw> state;
  if (!values.available() || !gradients.available() || !training_pass.available() || !state.available()) return 1;

  // 3, 1, 4, 1, 5, 9, 2, 6 repeatedly. To continue it, the model must use earlier tokens.
  constexpr std::int32_t digits[] = {3, 1, 4, 1, 5, 9, 2, 6};
  std::int32_t ids[tokens], positions[tokens], labels[tokens];
  for (int i = 0; i < tokens; ++i) {
    ids[i] = digits[i % 8];
    positions[i] = i;
    labels[i] = digits[(i + 1) % 8];
  }
  const tf::index_type first_row[] = {0, tokens};
  tf::token_batch batch;
  batch.sequences = 1;
  batch.rows = tokens;
  batch.first_row = first_row;
  batch.ids = ids;
  batch.positions = positions;
  batch.labels = labels;
  batch.loss_scale = 1.0 / tokens;

  float first = 0, loss = 0;
  for (int step = 0; step < steps; ++step) {
    for (tf::index_type i = 0; i < gradients.size(); ++i) gradients.data()[i] = 0;
    const auto learned = training_pass.run(values.data(), gradients.data(), batch);
    if (!learned) return 1;
    loss = *learned;
    if (step == 0) first = loss;
    if (step % 10 == 0) std::printf("step %2d: loss %.4f\n", step, double(loss));
    tf::optimizer_step(tf::adamw{}, values, gradients.data(), state, state.next_step(3e-3));
  }
  std::printf("step %2d: loss %.4f\n", steps, double(loss));
  return loss < first / 4 ? 0 : 1;
}
