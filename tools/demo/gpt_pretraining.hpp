// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/plots/loss_curve.hpp>
#include <typeformer/hosted/training/checkpoint_keeper.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/cosine_to_minimum_schedule.hpp>
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/text/character_vocabulary.hpp>
#include "../pretraining/request.hpp"
#include "../pretraining/results_folder.hpp"
#include "grammar.hpp"

/// Pre-trains a character-level GPT on a text, keeps its weights, and generates text. A template: each model is
/// instantiated in a file of its own.
namespace demo {
namespace detail {

/// The hyper-parameters of the demo and of the Tiny Shakespeare measurement in docs/training.md.
inline tf::training_recipe<tf::adamw> recipe(tf::index_type steps, double learning_rate) {
  const tf::index_type warm_up = std::min<tf::index_type>(100, steps / 5);
  return {.optimizer = {.beta1 = 0.9, .beta2 = 0.99, .weight_decay = 0.1},
          .learning_rate =
              tf::cosine_to_minimum_schedule{
                  .learning_rate = learning_rate, .warm_up_steps = warm_up, .steps = steps, .minimum = 1e-4},
          .steps = steps,
          .maximum_gradient_norm = 1,
          .evaluation_interval = std::max<tf::index_type>(1, std::min<tf::index_type>(250, steps / 4))};
}

/// Generates characters with a trained model and calls `on_text` with each. Stops if it returns false.
template <class M> class author {
 public:
  author(const tf::parameters<M>& values, const tf::character_vocabulary& vocabulary, std::uint64_t seed)
      : weights_{values}, vocabulary_{vocabulary}, session_{weights_}, random_{seed} {}

  /// If the context is full, its last half is read again. Error: what the vocabulary or a session rejects.
  template <class Sampler, class OnText>
  tf::result<void, std::string> write(std::string_view prompt, tf::index_type most, const Sampler& sampler,
                                      OnText&& on_text) {
    auto ids = vocabulary_.encode(prompt);
    if (!ids) return tf::failure{ids.error().message()};
    std::span<const std::int32_t> unread{*ids};
    if (tf::index_type(unread.size()) > M::context / 2) unread = unread.last(std::size_t(M::context / 2));
    session_.reset();
    for (tf::index_type written = 0; written < most; ++written) {
      if (session_.length() + tf::index_type(unread.size()) > M::context) {
        session_.reset();
        unread = std::span(*ids).last(std::size_t(M::context / 2));
      }
      const auto logits = session_.prefill(unread);
      if (!logits) return tf::failure{std::string(logits.error().message())};
      // The model may have room for more characters than the text has.
      const std::int32_t id = sampler(logits->first(std::size_t(vocabulary_.size())), workspace_, random_);
      if (id == tf::no_token) return tf::failure{std::string("the logits are not numbers")};
      ids->push_back(id);
      unread = std::span(*ids).last(1);
      const auto text = vocabulary_.decode(id);
      if (!text) return tf::failure{text.error().message()};
      if (!on_text(*text)) break;
    }
    return {};
  }

 private:
  tf::weights<M> weights_;
  const tf::character_vocabulary& vocabulary_;
  tf::session<M> session_;
  tf::philox random_;
  std::vector<tf::candidate> workspace_ = std::vector<tf::candidate>(std::size_t(M::vocabulary));
};

using sampler_type = tf::sampling<tf::temperature, tf::top_p>;

/// The score of text from a grammar: whole sentences, each from the beginning of a line.
template <class M>
tf::result<void, std::string> write_sentences(author<M>& author, const pretraining_request& request,
                                              const sampler_type& sampler, const std::string& trained_on) {
  std::unordered_set<std::string> known;
  for (std::size_t begin = 0, end = 0; (end = trained_on.find('\n', begin)) != std::string::npos; begin = end + 1)
    known.insert(trained_on.substr(begin, end - begin));
  tf::index_type obeying = 0, new_ones = 0;
  std::cout << "\nIt writes (temperature " << request.temperature << "):\n";
  for (tf::index_type i = 0; i < request.sentences; ++i) {
    std::string line;
    const auto written = author.write("\n", M::context - 1, sampler, [&](const std::string& text) {
      if (text == "\n") return false;
      line += text;
      return true;
    });
    if (!written) return written;
    const bool obeys = grammar::obeys(line);
    obeying += obeys;
    new_ones += obeys && !known.contains(line);
    if (i < 12) std::cout << (obeys ? "    " : "  * ") << line << "\n";
  }
  std::cout << "\n"
            << obeying << " of " << request.sentences << " sentences obey the grammar (* does not); " << new_ones
            << " of these are not in the text it was trained on.\n";
  return {};
}

template <class M>
tf::result<void, std::string> write_text(author<M>& author, const pretraining_request& request,
                                         const std::string& prompt, const sampler_type& sampler) {
  std::cout << "\nIt writes (temperature " << request.temperature << "):\n" << prompt;
  const auto written = author.write(prompt, request.characters, sampler, [](const std::string& text) {
    std::cout << text << std::flush;
    return true;
  });
  std::cout << "\n";
  return written;
}

/// The prompt for the generation. Errors, as texts: an empty prompt, or a character that the vocabulary does not have.
inline tf::result<std::string, std::string> prompt_of(const pretraining_request& request, const std::string& text,
                                                      const tf::character_vocabulary& vocabulary) {
  if (!request.prompt) return vocabulary.encode("\n") ? std::string("\n") : text.substr(0, tf::utf8_at(text, 0).size);
  if (request.prompt->empty()) return tf::failure{std::string("--prompt: expected a text, found nothing")};
  const auto ids = vocabulary.encode(*request.prompt);
  if (!ids) return tf::failure{"--prompt: " + ids.error().message()};
  return *request.prompt;
}

/// A text and what is known about it.
struct training_text {
  std::string name, text;
  std::optional<double> best_possible_loss{};
};

template <class M>
tf::result<bool, std::string> pretrain(const training_text& text, const tf::character_vocabulary& vocabulary,
                                       const pretraining_request& request, tf::index_type steps) {
  using trainer_type = tf::trainer<M, tf::causal_language_model, tf::adamw, tf::batch<M::batch>, tf::tokens<M::context>,
                                   tf::on_workers<tf::spin_workers<threads>>>;
  const auto sampler = tf::sampling_with(tf::temperature::of(request.temperature), tf::top_p::of(request.top_p));
  if (!sampler) return tf::failure{std::string(sampler.error().message())};
  const auto prompt = prompt_of(request, text.text, vocabulary);
  if (!prompt) return tf::failure{prompt.error()};
  auto ids = vocabulary.encode(text.text);
  if (!ids) return tf::failure{ids.error().message()};
  auto data = tf::causal_windows<M::batch, M::context>::of(std::move(*ids), M::vocabulary, request.seed);
  if (!data) return tf::failure{text.name + ": " + data.error().message()};

  const auto folder = results_folder::open(request, "vocabulary.txt", vocabulary.saved());
  if (!folder) return tf::failure{folder.error()};
  std::cerr << "Text: " << tf::printable(text.name) << ", " << data->training().size() << " characters to learn from, "
            << data->validation().size() << " to judge by, " << vocabulary.size()
            << (vocabulary.is_of_bytes() ? " bytes" : " different ones") << "\n"
            << "Model: a GPT of " << tf::layout_of<M>.parameters << " parameters; arena of a step: "
            << trainer_type::training_pass_type::plan::value.arena[0] * tf::index_type(sizeof(float)) / 1024
            << " KiB, planned by the compiler\n";
  if (text.best_possible_loss)
    std::cerr << "No model can have a loss below " << *text.best_possible_loss << " (the entropy of the grammar)\n";

  tf::spin_pool<threads> pool;
  trainer_type trainer{recipe(steps, M::learning_rate), tf::spin_workers<threads>{pool}};
  if (const auto begun = folder->begin(trainer); !begun) return tf::failure{begun.error()};
  auto metrics = folder->metrics();
  if (!metrics) return tf::failure{metrics.error()};
  tf::checkpoint_keeper keeper{folder->file("model.safetensors")};
  tf::loss_curve curve{folder->file("loss.svg"), "Learning " + text.name, text.best_possible_loss};
  const auto summary = run_until_interrupted(trainer, *data, tf::progress_display{}, *metrics, keeper, curve);
  if (!summary) return tf::failure{summary.error().message()};
  folder->tell(summary->interrupted);
  if (summary->interrupted) return false;

  author<M> writer{trainer.values(), vocabulary, request.seed};
  const auto written = text.best_possible_loss ? write_sentences(writer, request, *sampler, text.text)
                                               : write_text(writer, request, *prompt, *sampler);
  if (!written) return tf::failure{written.error()};
  return true;
}

}  // namespace detail

}  // namespace demo
