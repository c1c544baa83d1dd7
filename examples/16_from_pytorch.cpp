// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 16. What a PyTorch program does, step by step: a model, a training loop, generation with cached keys and values.
//     docs/from_pytorch.md compares the names.
#include <algorithm>
#include <cstdio>

#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

// clang-format off
// nn.Embedding(11, 32), learned positions, two nn.TransformerEncoderLayer(32, 4, 64, 0.0, "gelu", norm_first=True) with
// a causal mask, nn.LayerNorm(32), and an output projection that shares the embedding's weight.
struct digits : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<11>, tf::width<32>>,
    tf::learned_positions<tf::context<16>>,
    tf::repeat<2, tf::pre_norm_block<
        tf::self_attention<tf::heads<4>, tf::causal>,
        tf::feed_forward<64, tf::gelu_erf>>>,
    tf::layer_norm<>,
    tf::tied_head> {};
// clang-format on

constexpr tf::index_type sequences = 4, tokens = 16, all_rows = sequences * tokens;

/// Digits that repeat with period 7.
std::int32_t digit(tf::index_type i) { return std::int32_t(i * i % 7); }

/// What a DataLoader would deliver: the ids, the positions and the labels of all sequences, one after the other.
struct window_batch {
  std::int32_t ids[all_rows], positions[all_rows], labels[all_rows];
  tf::index_type first_row[sequences + 1];

  explicit window_batch(tf::index_type number) {
    for (tf::index_type s = 0; s <= sequences; ++s) first_row[s] = s * tokens;
    for (tf::index_type i = 0; i < all_rows; ++i) {
      const tf::index_type at = number + i / tokens + i % tokens;
      ids[i] = digit(at);
      positions[i] = std::int32_t(i % tokens);
      labels[i] = digit(at + 1);  // the next token; the model does not shift labels
    }
  }
  tf::token_batch view() const {
    tf::token_batch batch;
    batch.sequences = sequences;
    batch.rows = all_rows;
    batch.first_row = first_row;
    batch.ids = ids;
    batch.positions = positions;
    batch.labels = labels;
    batch.loss_scale = 1.0 / all_rows;  // the mean over the labels
    return batch;
  }
};

/// The training loop; false after an error.
bool train(tf::parameters<digits>& model, int steps) {
  tf::parameters<digits> gradients;
  tf::training_pass<digits, tf::causal_language_model, tf::batch<sequences>, tf::tokens<tokens>> training_pass;
  tf::optimizer_state<digits, tf::adamw> state;
  if (!gradients.available() || !training_pass.available() || !state.available()) return false;

  const tf::adamw optimizer{.weight_decay = 0.1};
  const tf::linear_schedule schedule{.learning_rate = 3e-3, .warm_up_steps = 10, .steps = steps};
  float loss = 0;
  for (int step = 0; step < steps; ++step) {
    const window_batch batch{step};
    std::fill_n(gradients.data(), gradients.size(), 0.0f);                             // optimizer.zero_grad()
    const auto run = training_pass.run(model.data(), gradients.data(), batch.view());  // forward, loss, backward
    if (!run) return false;
    loss = *run;
    tf::clip_gradients(std::span{gradients.data(), std::size_t(gradients.size())}, 1.0);  // clip_grad_norm_
    tf::optimizer_step(optimizer, model, gradients.data(), state, state.next_step(schedule(step)));
  }
  std::printf("loss after %d steps: %.4f\n", steps, double(loss));
  return true;
}

int main() {
  tf::parameters<digits> model;
  if (!model.available()) return 1;
  tf::initialize(model, tf::philox{1});
  if (!train(model, 200)) return 1;

  const tf::weights<digits> weights{model};           // packed for matrix products; shared by all sessions
  tf::session<digits, tf::context<16>> run{weights};  // holds the cached keys and values
  const std::int32_t prompt[]{0, 1, 4, 2};
  const tf::generation_request request{.prompt = prompt, .max_tokens = 12};
  tf::philox generator{2};
  int right = 0, count = 0;
  const auto text = tf::generate(run, request, tf::greedy{}, {}, generator, [&](std::int32_t id) {
    right += id == digit(4 + count++);
    std::printf("%d ", int(id));
    return true;
  });
  std::printf("\n");
  return text && right == 12 ? 0 : 1;
}
