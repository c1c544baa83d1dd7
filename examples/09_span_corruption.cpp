// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 9. Text to text. A small T5 reads sentences with spans removed and predicts the missing words. In this way it learns,
//    without labels, which words occur together. Then it learns from 8 examples to answer with the word that names a
//    sentence's subject. A model without pre-training takes the same steps on the same examples and knows only the
//    words in them.
//
//    Words of one subject are used alike, but their embeddings are random at first. Weight decay in pre-training
//    removes the differences between them. What is learned about one word then holds for the others.
#include <cstdio>
#include <optional>
#include <vector>

#include "generated_texts.hpp"

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/hosted/data/pair_batches.hpp>
#include <typeformer/hosted/data/span_batches.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/parameters/copy_parameters.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace tf = typeformer;

// The language: four subjects with 40 words each. The first word of a subject is its name. A sentence has words of one
// subject, but one word in twelve is any word.
constexpr std::int32_t start_of_text = 0, end_of_text = 1, subjects = 4, first_word = 2, words_of_subject = 40,
                       first_sentinel = first_word + subjects * words_of_subject, sentinels = 8;
constexpr tf::index_type words_in_sentence = 12, source_tokens = 14, target_tokens = 12, sentences_at_once = 32,
                         labeled_sentences = 8;

tf::sequence_pair sentence_and_name(std::int32_t subject, tf::philox& random) {
  tf::sequence_pair pair;
  for (tf::index_type i = 0; i < words_in_sentence; ++i) {
    const std::int32_t about = toy::pick(random, 12) == 0 ? toy::pick(random, subjects) : subject;
    pair.source.push_back(first_word + about * words_of_subject + toy::pick(random, words_of_subject));
  }
  pair.source.push_back(end_of_text);
  pair.target.push_back(first_word + subject * words_of_subject);
  return pair;
}
/// The same number for each subject.
std::vector<tf::sequence_pair> labeled(tf::index_type sentences, std::uint64_t seed) {
  tf::philox random{seed, 1};
  std::vector<tf::sequence_pair> pairs;
  for (tf::index_type i = 0; i < sentences; ++i) pairs.push_back(sentence_and_name(std::int32_t(i % subjects), random));
  return pairs;
}
std::vector<tf::token_document> unlabeled(tf::index_type sentences, std::uint64_t seed) {
  tf::philox random{seed, 2};
  std::vector<tf::token_document> documents;
  for (tf::index_type i = 0; i < sentences; ++i) {
    auto words = sentence_and_name(toy::pick(random, subjects), random).source;
    words.pop_back();
    documents.push_back({std::move(words)});
  }
  return documents;
}

struct model : tf::t5<tf::t5_config{.layers = 1,
                                    .width = 32,
                                    .heads = 2,
                                    .head_width = 16,
                                    .hidden = 64,
                                    .vocabulary = first_sentinel + sentinels,
                                    .context = 16,
                                    .buckets = 8,
                                    .maximum_distance = 16}> {};

template <tf::index_type Batch>
using trainer = tf::trainer<model, tf::causal_language_model, tf::adamw, tf::batch<Batch>, tf::tokens<target_tokens>,
                            tf::source<source_tokens>>;

tf::training_recipe<tf::adamw> recipe(double learning_rate, tf::index_type steps, double weight_decay = 0.01) {
  return {
      .optimizer = {.weight_decay = weight_decay},
      .learning_rate = tf::linear_schedule{.learning_rate = learning_rate, .warm_up_steps = steps / 10, .steps = steps},
      .steps = steps,
      .evaluation_interval = steps};
}

template <class Error> std::nullopt_t rejected(const Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  return std::nullopt;
}

/// Pre-training with span corruption; nothing after an error.
std::optional<tf::parameters<model>> pretrained(std::uint64_t seed) {
  auto data = tf::span_batches<sentences_at_once, source_tokens, target_tokens>::of(
      tf::token_documents{unlabeled(20000, seed)}, unlabeled(64, seed + 1000),
      {.seed = seed,
       .spans = *tf::noise_spans::of(0.4, 2),
       .sentinels = {first_sentinel + sentinels - 1, sentinels},
       .ends = {start_of_text, end_of_text}});
  if (!data) return rejected(data.error());
  trainer<sentences_at_once> training{recipe(1e-2, 800, 0.5)};
  training.initialize(seed);
  const auto learned = training.run(*data);
  if (!learned) return rejected(learned.error());
  std::printf("pre-training: %.2f nats a token of the missing spans\n", learned->validation_loss);
  return std::move(training.values());
}

/// The fraction of new sentences for which greedy decoding gives the name and nothing else; nothing after an error.
std::optional<double> fine_tuned(const tf::parameters<model>* begin, std::uint64_t seed) {
  const std::vector<tf::sequence_pair> questions = labeled(200, seed + 2000);
  auto data = tf::pair_batches<labeled_sentences, source_tokens, target_tokens>::of(
      labeled(labeled_sentences, seed), questions, model::vocabulary,
      {.seed = seed, .ends = {start_of_text, end_of_text}});
  if (!data) return rejected(data.error());
  trainer<labeled_sentences> training{recipe(3e-3, 100)};  // the best rate for training from scratch
  training.initialize(seed + 1);
  if (begin && !tf::copy_parameters(*begin, training.values())) return std::nullopt;
  if (const auto summary = training.run(*data); !summary) return rejected(summary.error());

  const tf::weights<model> weights{training.values()};
  tf::session<model, tf::source<source_tokens>> session{weights};
  int right = 0;
  for (const auto& [source, target] : questions) {
    if (!session.read(std::span<const std::int32_t>{source})) return std::nullopt;
    const auto first = session.decode(start_of_text);
    if (!first) return std::nullopt;
    const std::int32_t answer = tf::greedy{}(*first);
    const auto second = session.decode(answer);
    right += second && answer == target[0] && tf::greedy{}(*second) == end_of_text;
  }
  return double(right) / double(questions.size());
}

int main() {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const auto begin = pretrained(seed);
    if (!begin) return 1;
    const auto from_body = fine_tuned(&*begin, seed), from_scratch = fine_tuned(nullptr, seed);
    if (!from_body || !from_scratch) return 1;
    std::printf("seed %d, right after %td labeled sentences: %.1f %% pre-trained, %.1f %% from scratch\n", int(seed),
                labeled_sentences, 100 * *from_body, 100 * *from_scratch);
    if (*from_body < *from_scratch + 0.2) return 1;
  }
  return 0;
}
