// SPDX-License-Identifier: BSL-1.0
// The templates that a program on a microcontroller instantiates, for compilers of other targets, whose warnings about
// conversions differ.
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/adafactor.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

namespace {

struct small_gpt2 : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 16, .heads = 2, .vocabulary = 11, .context = 16}> {};
struct small_llama
    : tf::llama<tf::llama_config{
          .layers = 2, .width = 16, .heads = 4, .key_value_heads = 2, .hidden = 24, .vocabulary = 11, .context = 16}> {
};
struct small_bert
    : tf::bert<tf::bert_config{.layers = 2, .width = 16, .heads = 2, .hidden = 24, .vocabulary = 11, .context = 16}> {};
struct small_t5
    : tf::t5<tf::t5_config{
          .layers = 2, .width = 16, .heads = 2, .head_width = 8, .hidden = 24, .vocabulary = 11, .context = 16}> {};

template <class M> constexpr float in_flash[tf::layout_of<M>.parameters] = {1};
template <class M> using flash = tf::canonical_weights<M>;
template <class M> using session = tf::session<M, tf::storage::in_place, tf::reads<flash<M>>>;
constexpr std::int32_t ids[] = {1, 2, 3};

template <class M> bool generates() {
  static session<M> in_place{flash<M>{in_flash<M>}};
  tf::philox random{1, 2};
  static tf::candidate workspace[M::vocabulary];
  const auto heard = [](std::int32_t) { return true; };
  const auto sampling = tf::sampling<tf::temperature, tf::top_k>(*tf::temperature::of(0.8f), *tf::top_k::of(5));
  return tf::generate(in_place, ids, 3, sampling, workspace, random, heard) &&
         tf::generate(in_place, ids, 3, tf::greedy{}, workspace, random, heard);
}
template <class M> bool reads_and_writes() {
  static session<M> in_place{flash<M>{in_flash<M>}};
  return in_place.read(ids) && in_place.prefill(ids) && in_place.decode(1);
}
template <class M, class Objective, class Optimizer> bool trains(const tf::token_batch& batch) {
  static tf::training_pass<M, Objective, tf::tokens<8>, tf::storage::in_place> training_pass;
  static tf::parameters<M> values;
  static float gradients[tf::layout_of<M>.parameters];
  static tf::optimizer_state<M, Optimizer> state;
  (void)training_pass.run(values.data(), gradients, batch);
  tf::clip_gradients<float>(gradients, 1);
  tf::optimizer_step(Optimizer{}, values, gradients, state, state.next_step(1e-3));
  return true;
}

}  // namespace

bool run(const tf::token_batch& batch) {
  static tf::forward_pass<small_bert, tf::storage::in_place, tf::reads<flash<small_bert>>> bert{
      flash<small_bert>{in_flash<small_bert>}};
  return generates<small_gpt2>() && generates<small_llama>() && reads_and_writes<small_t5>() && bert.run(ids) &&
         trains<small_gpt2, tf::causal_language_model, tf::adamw>(batch) &&
         trains<small_bert, tf::bert_pretraining, tf::adafactor>(batch);
}
