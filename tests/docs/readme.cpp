// SPDX-License-Identifier: BSL-1.0
// The code of README.md, compiled and never run.
// clang-format off
#include <typeformer/typeformer.hpp>  // the core: needs Boost.Hana and xsimd, nothing else
#include <typeformer/hosted.hpp>      // files and memory mapping
namespace tf = typeformer;

struct my_gpt : tf::decoder_only<
    tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
    tf::learned_positions<tf::context<128>>,
    tf::repeat<4, tf::pre_norm_block<
        tf::self_attention<tf::heads<4>, tf::causal>,
        tf::feed_forward<256, tf::gelu_tanh>>>,
    tf::layer_norm<>,
    tf::tied_head> {};

static_assert(tf::parameter_count<my_gpt> == 241'024);

int main() {
  auto weights = tf::load<my_gpt>("model.safetensors");  // a missing, unexpected or misshaped tensor is an error
  if (!weights) return 1;
  tf::session<my_gpt> run{*weights};                     // many sessions may share one const weights object
  const std::int32_t prompt[]{1, 2, 3};
  auto logits = run.prefill(prompt);                     // the capacity is static, the length is not
  return logits ? 0 : 1;
}

float training(tf::parameters<my_gpt>& values, tf::parameters<my_gpt>& gradients, const tf::token_batch& batch);
float training(tf::parameters<my_gpt>& values, tf::parameters<my_gpt>& gradients, const tf::token_batch& batch) {
  tf::training_pass<my_gpt, tf::causal_language_model, tf::batch<8>, tf::tokens<64>> learn;
  const auto loss = learn.run(values.data(), gradients.data(), batch);  // adds every parameter's gradient; or an error
  return loss ? *loss : -1;
}

struct my_bert : tf::bert<tf::bert_config{.layers = 4, .width = 128, .heads = 4, .vocabulary = 4096, .context = 128}> {};

tf::trainer<my_bert, tf::bert_pretraining, tf::adamw, tf::batch<16>, tf::tokens<128>> train{{.steps = 5000}};
