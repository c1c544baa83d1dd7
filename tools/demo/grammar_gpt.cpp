// SPDX-License-Identifier: BSL-1.0
#include <string>

#include "gpt_jobs.hpp"
#include "gpt_pretraining.hpp"

namespace demo {

/// `text_gpt` with room for whole sentences of the grammar and the few characters that it uses.
struct grammar_gpt
    : tf::gpt2<tf::gpt2_config{.layers = 4, .width = 128, .heads = 4, .vocabulary = 32, .context = 128}> {
  static constexpr tf::index_type batch = 8;
  static constexpr double learning_rate = 3e-3;
};

tf::result<bool, std::string> pretrain_gpt_on_grammar(const pretraining_request& request) {
  grammar::writer writer{request.seed};
  detail::training_text text{"sentences of a small grammar", writer.text(request.quick ? 20'000 : 300'000)};
  text.best_possible_loss = writer.nats_per_character();
  const auto vocabulary = tf::character_vocabulary::of(text.text);
  if (!vocabulary) return tf::failure{vocabulary.error().message()};
  const tf::index_type steps = request.steps > 0 ? request.steps : request.quick ? 5 : 1600;
  return detail::pretrain<grammar_gpt>(text, *vocabulary, request, steps);
}

}  // namespace demo
