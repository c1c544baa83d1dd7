// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/sentence_pair_batches.hpp>
#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/plots/loss_curve.hpp>
#include <typeformer/hosted/training/checkpoint_keeper.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/parallel/spin_workers.hpp>
#include <typeformer/text/bert_words.hpp>
#include <typeformer/text/wordpiece_vocabulary.hpp>
#include "../pretraining/request.hpp"
#include "../pretraining/results_folder.hpp"
#include "reader.hpp"

/// Pre-trains a BERT on masked tokens and next sentences, and reports its accuracy on held-out text.
namespace demo {

namespace detail {

/// The accuracy of a model, or of another guesser.
struct guesses {
  double tokens = 0, right_tokens = 0, pairs = 0, right_pairs = 0;

  double of_tokens() const { return right_tokens / tokens; }
  double of_pairs() const { return right_pairs / pairs; }
};

template <class M> guesses judge(const tf::parameters<M>& values, const std::vector<tf::masked_instance>& instances) {
  tf::loss_pass<M, tf::bert_pretraining, tf::batch<M::batch>> loss_pass;
  guesses found;
  auto batches = tf::recorded_batches<M::batch, M::context>::of(instances);
  for (tf::index_type part = 0; batches && part < batches->validation_batches(); ++part) {
    tf::token_batch batch = batches->validation_batch(part);
    const auto labels = tf::count_labels<tf::bert_pretraining>(batch);
    const auto score = loss_pass.run(values.data(), batch);
    if (!score) break;
    found.tokens += double(labels[0]);
    found.pairs += double(labels[1]);
    found.right_tokens += double(score->parts[0].correct);
    found.right_pairs += double(score->parts[1].correct);
  }
  return found;
}

/// Always the most frequent token of the training text, and always the same answer for a pair.
inline guesses without_reading(const std::vector<tf::token_document>& training,
                               const std::vector<tf::masked_instance>& instances, tf::index_type vocabulary) {
  std::vector<std::int64_t> counts(std::size_t(vocabulary), 0);
  for (const auto& document : training)
    for (const auto& sentence : document)
      for (const std::int32_t id : sentence) ++counts[std::size_t(id)];
  const auto commonest = std::int32_t(std::max_element(counts.begin(), counts.end()) - counts.begin());
  guesses found;
  double follows = 0;
  for (const tf::masked_instance& instance : instances) {
    for (const std::int32_t label : instance.labels) {
      found.tokens += label != tf::no_label;
      found.right_tokens += label == commonest;
    }
    follows += instance.label == 0;
  }
  found.pairs = double(instances.size());
  found.right_pairs = std::max(follows, found.pairs - follows);
  return found;
}

/// The average accuracy of the reader who knows the language.
inline guesses by_reader(language::reader& reader, const std::vector<tf::masked_instance>& instances) {
  guesses found;
  for (const tf::masked_instance& instance : instances) {
    const std::size_t size = instance.ids.size();
    const std::size_t second =
        std::size_t(std::find(instance.segments.begin(), instance.segments.end(), 1) - instance.segments.begin());
    const std::span<const std::int32_t> ids{instance.ids};
    const std::array<std::size_t, 2> begin{1, second};
    reader.read(ids.subspan(1, second - 2), ids.subspan(second, size - second - 1));
    found.pairs += 1;
    found.right_pairs += reader.chance_of_next();
    for (std::size_t i = 0; i < size; ++i) {
      if (instance.labels[i] == tf::no_label) continue;
      const std::size_t segment = i >= second;
      found.tokens += 1;
      found.right_tokens += reader.best_guess(segment, i - begin[segment]).chance;
    }
  }
  return found;
}

inline tf::training_recipe<tf::adamw> encoder_recipe(tf::index_type steps, double learning_rate) {
  return {.optimizer = {.beta1 = 0.9, .beta2 = 0.98, .weight_decay = 0.01},
          .learning_rate = tf::linear_schedule{.learning_rate = learning_rate,
                                               .warm_up_steps = std::max<tf::index_type>(1, steps / 10),
                                               .steps = steps},
          .steps = steps,
          .maximum_gradient_norm = 1,
          .evaluation_interval = std::max<tf::index_type>(1, steps / 10)};
}

/// Documents of lines of text, one sentence per line, separated by empty lines.
inline std::vector<std::vector<std::string>> documents_of(std::string_view text) {
  std::vector<std::vector<std::string>> documents(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string words = tf::bert_words(text.substr(0, end), tf::bert_casing::uncased);
    if (!words.empty()) documents.back().push_back(words);
    else if (!documents.back().empty()) documents.emplace_back();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (documents.back().empty()) documents.pop_back();
  return documents;
}
inline std::vector<tf::token_document> encoded(const std::vector<std::vector<std::string>>& documents,
                                               const tf::wordpiece& pieces) {
  std::vector<tf::token_document> all;
  for (const auto& document : documents) {
    all.emplace_back();
    for (const std::string& sentence : document) all.back().push_back(pieces.encode(sentence));
  }
  return all;
}

/// Cuts off the last tenth of the sentences.
inline std::vector<std::vector<std::string>> take_last_tenth(std::vector<std::vector<std::string>>& documents) {
  std::size_t sentences = 0;
  for (const auto& document : documents) sentences += document.size();
  std::vector<std::vector<std::string>> last;
  for (std::size_t left = sentences / 10; left > 0;) {
    std::vector<std::string>& document = documents.back();
    if (document.size() <= left) {
      left -= document.size();
      last.insert(last.begin(), std::move(document));
      documents.pop_back();
    } else {
      last.insert(last.begin(), {document.end() - std::ptrdiff_t(left), document.end()});
      document.resize(document.size() - left);
      left = 0;
    }
  }
  return last;
}

inline std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * fraction);
  return text;
}

/// Trains, keeps the results, and returns the parameters; nothing if Ctrl-C ended it.
template <class M>
tf::result<std::optional<tf::parameters<M>>, std::string> pretrain(const std::string& name,
                                                                   const std::vector<tf::token_document>& training,
                                                                   const std::vector<tf::token_document>& held_out,
                                                                   const tf::wordpiece& pieces,
                                                                   const pretraining_request& request,
                                                                   tf::index_type steps) {
  using trainer_type = tf::trainer<M, tf::bert_pretraining, tf::adamw, tf::batch<M::batch>, tf::tokens<M::context>,
                                   tf::on_workers<tf::spin_workers<threads>>>;
  auto vocabulary = tf::pretraining_vocabulary::of(pieces);
  if (!vocabulary) return tf::failure{vocabulary.error().message()};
  auto data = tf::sentence_pair_batches<M::batch, M::context>::of(
      tf::token_documents{training}, held_out,
      tf::sentence_pairs{*vocabulary, {.tokens = M::context, .short_fraction = M::short_fraction}},
      {.instances = {.seed = request.seed}});
  if (!data) return tf::failure{name + ": " + data.error().message()};

  const auto folder = results_folder::open(request, "vocab.txt", pieces.saved());
  if (!folder) return tf::failure{folder.error()};
  std::cerr << "Text: " << tf::printable(name) << ", " << training.size() << " documents to learn from, "
            << pieces.size() << " word pieces, " << data->batches_per_epoch() << " batches an epoch\n"
            << "Model: a BERT of " << tf::layout_of<M>.parameters << " parameters; arena of a step: "
            << trainer_type::training_pass_type::plan::value.arena[0] * tf::index_type(sizeof(float)) / 1024
            << " KiB, planned by the compiler\n";
  tf::spin_pool<threads> pool;
  trainer_type trainer{encoder_recipe(steps, M::learning_rate), tf::spin_workers<threads>{pool}};
  if (const auto begun = folder->begin(trainer); !begun) return tf::failure{begun.error()};
  auto metrics = folder->metrics();
  if (!metrics) return tf::failure{metrics.error()};
  tf::checkpoint_keeper keeper{folder->file("model.safetensors")};
  tf::loss_curve curve{folder->file("loss.svg"), "Masked tokens and next sentences of " + name};
  const auto summary = run_until_interrupted(trainer, *data, tf::progress_display{}, *metrics, keeper, curve);
  if (!summary) return tf::failure{summary.error().message()};
  folder->tell(summary->interrupted);
  if (summary->interrupted) return std::optional<tf::parameters<M>>{};
  return std::optional<tf::parameters<M>>{std::move(trainer.values())};
}

/// Masked pairs of held-out documents, the same for the same seed.
template <class M>
std::vector<tf::masked_instance> test_instances(const std::vector<tf::token_document>& documents,
                                                const tf::wordpiece& pieces, std::uint64_t seed) {
  std::vector<tf::masked_instance> instances;
  const auto vocabulary = tf::pretraining_vocabulary::of(pieces);
  if (!vocabulary) return instances;
  tf::masking hiding;
  hiding.mask_id = vocabulary->mask();
  hiding.vocabulary = vocabulary->size();
  tf::philox generator{seed, 1};
  const tf::sentence_pairs pairs{*vocabulary, {.tokens = M::context, .short_fraction = M::short_fraction}};
  for (tf::pretraining_instance& instance : pairs(documents, generator))
    instances.push_back(tf::masked(std::move(instance), hiding, generator));
  return instances;
}

}  // namespace detail

}  // namespace demo
