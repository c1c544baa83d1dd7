// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 12. A layer of your own with a state: a convolution over tokens. Read causal_convolution.hpp first. The model trains,
//     decodes token by token, and judges the drafts of a smaller model, some of which it removes from the state.
//     laws/causal_convolution.cpp tests the laws; docs/a_layer_of_your_own.md explains each part.
#include <cstdio>
#include <vector>

#include "causal_convolution.hpp"

#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

/// As in Primer, a convolution beside attention: it reads neighbors at fixed distances.
template <int Width, int Blocks>
struct convolved
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<10>, tf::width<Width>>, tf::learned_positions<tf::context<48>>,
          tf::repeat<Blocks, tf::sequential<
                                 tf::residual<tf::named<"convolution_norm", tf::layer_norm<>>,
                                              tf::named<"convolution", mine::causal_convolution>,
                                              tf::named<"attention", tf::self_attention<tf::heads<2>, tf::causal>>>,
                                 tf::residual<tf::named<"feed_forward_norm", tf::layer_norm<>>,
                                              tf::named<"feed_forward", tf::feed_forward<2 * Width, tf::gelu_tanh>>>>>,
          tf::layer_norm<>, tf::tied_head> {
  static constexpr tf::initial_values starts[] = {{"*convolution.weight", 0.3}};
  static constexpr tf::initialization initial{starts, 1};
};
struct large_model : convolved<32, 2> {};
struct small_model : convolved<16, 1> {};

/// Digits that repeat, with period 8.
std::int32_t digit(tf::index_type i) {
  constexpr std::int32_t digits[] = {3, 1, 4, 1, 5, 9, 2, 6};
  return digits[i % 8];
}

template <class M> bool train(tf::parameters<M>& values, tf::index_type steps) {
  constexpr tf::index_type tokens = 32;
  tf::parameters<M> gradients;
  tf::training_pass<M, tf::causal_language_model, tf::tokens<tokens>> training_pass;
  tf::optimizer_state<M, tf::adamw> state;
  if (!values.available() || !gradients.available() || !training_pass.available() || !state.available()) return false;
  tf::initialize(values, tf::philox{1});
  float first = 0, loss = 0;
  for (tf::index_type step = 0; step < steps; ++step) {
    std::int32_t ids[tokens], positions[tokens], labels[tokens];
    for (tf::index_type i = 0; i < tokens; ++i) {
      ids[i] = digit(step + i);
      positions[i] = std::int32_t(i);
      labels[i] = digit(step + i + 1);
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
    for (tf::index_type i = 0; i < gradients.size(); ++i) gradients.data()[i] = 0;
    const auto learned = training_pass.run(values.data(), gradients.data(), batch);
    if (!learned) return false;
    loss = *learned;
    if (step == 0) first = loss;
    tf::optimizer_step(tf::adamw{}, values, gradients.data(), state, state.next_step(3e-3));
  }
  std::printf("%6lld parameters: loss %.4f, after %d steps %.4f\n", static_cast<long long>(tf::parameter_count<M>),
              double(first), int(steps), double(loss));
  return loss < first / 2;
}

int main() {
  tf::parameters<large_model> large_values;
  tf::parameters<small_model> small_values;
  if (!train(large_values, 100) || !train(small_values, 50)) return 1;
  const tf::weights<large_model> large_weights{large_values};
  const tf::weights<small_model> small_weights{small_values};

  const std::vector<std::int32_t> prompt{3, 1, 4};
  const tf::generation_request request{.prompt = prompt, .max_tokens = 40};
  tf::session<large_model, tf::tokens<8>> alone{large_weights};
  std::vector<std::int32_t> token_by_token, speculated;
  tf::philox generator{2};
  if (!tf::generate(alone, request, tf::greedy{}, {}, generator,
                    [&](std::int32_t id) { return token_by_token.push_back(id), true; }))
    return 1;

  // Rejected drafts are removed from the state of the convolution too.
  tf::session<large_model, tf::tokens<8>, tf::all_logits> large{large_weights};
  tf::session<small_model, tf::tokens<8>> small{small_weights};
  const auto sampler = *tf::sampling_with(tf::top_k::of(1));
  std::vector<tf::candidate> candidates(10);
  std::vector<float> probabilities(4 * 10);
  const auto done =
      tf::generate_speculatively(large, small, request, 4, sampler, {candidates, probabilities}, generator,
                                 [&](std::int32_t id) { return speculated.push_back(id), true; });
  if (!done) return 1;
  std::printf("3 1 4");
  for (const std::int32_t id : speculated) std::printf(" %d", int(id));
  std::printf("\n%d of %d drafts accepted, %d passes of the large model\n", int(done->accepted), int(done->drafted),
              int(done->passes));
  return speculated == token_by_token && done->accepted > 0 && done->accepted < done->drafted ? 0 : 1;
}
