// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 10. Sentences as vectors. A small BERT learns a language by predicting masked words, without being told the subjects
//     of sentences. Then the mean of its outputs for a sentence's tokens, scaled to length 1, represents the sentence.
//     The sentence with the largest dot product has the same subject. Before training, the model sees only which words
//     two sentences share.
#include <cstdio>
#include <optional>
#include <span>
#include <vector>

#include "generated_texts.hpp"

#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/parameters/copy_parameters.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

// The language: eight subjects with 40 words each. A sentence has 5 to 10 words of one subject, but one word in eight
// is any word.
constexpr std::int32_t subjects = 8, words_of_subject = 40, fewest_words = 5, most_words = 10;
constexpr tf::index_type tokens = most_words + 1, texts_at_once = 32, sentences = 256;

toy::text sentence(tf::philox& random) {
  toy::text t;
  t.label = toy::pick(random, subjects);
  t.add(toy::begin_of_text);
  const std::int32_t words = fewest_words + toy::pick(random, most_words - fewest_words + 1);
  for (std::int32_t i = 0; i < words; ++i) {
    const std::int32_t subject = toy::pick(random, 8) == 0 ? toy::pick(random, subjects) : t.label;
    t.add(toy::first_word + subject * words_of_subject + toy::pick(random, words_of_subject));
  }
  return t;
}
toy::text sentence_with_hidden_words(tf::philox& random) { return toy::hide_words(sentence(random), random); }

constexpr tf::bert_config config{.layers = 2,
                                 .width = 32,
                                 .heads = 2,
                                 .hidden = 64,
                                 .vocabulary = toy::first_word + subjects * words_of_subject,
                                 .context = tokens,
                                 .classifies_pairs = false};
/// Initial weights are larger than BERT's 0.02, which is for widths of hundreds.
struct pretrained : tf::bert<config> {
  static constexpr tf::initial_values starts[] = {{"*norm.weight", 0, 1}, {"*.weight", 0.1}};
  static constexpr tf::initialization initial{starts, 2};
};
struct embedder : tf::bert_body<config, tf::gelu_erf, tf::sentence_embedding<>> {};

/// The fraction of the first half of the texts whose nearest text in the second half has the same subject; nothing
/// after an error.
std::optional<double> found(const tf::parameters<pretrained>& body, const std::vector<toy::text>& texts) {
  tf::parameters<embedder> values;
  if (!tf::copy_parameters(body, values, tf::body_parameters{})) return {};
  const tf::weights<embedder> weights{values};
  tf::forward_pass<embedder, tf::batch<2 * sentences>> embed{weights};
  std::vector<std::span<const std::int32_t>> ids;
  for (const toy::text& t : texts) ids.emplace_back(t.ids);
  const auto points = embed.run(std::span<const std::span<const std::int32_t>>{ids});
  if (!points) return {};

  int right = 0;
  for (tf::index_type query = 0; query < sentences; ++query) {
    tf::index_type nearest = sentences;
    float largest = -2;
    for (tf::index_type other = sentences; other < 2 * sentences; ++other) {
      float cosine = 0;
      for (tf::index_type i = 0; i < config.width; ++i) cosine += (*points)[query][i] * (*points)[other][i];
      if (cosine > largest) nearest = other, largest = cosine;
    }
    right += texts[std::size_t(nearest)].label == texts[std::size_t(query)].label;
  }
  return double(right) / sentences;
}

int main() {
  constexpr tf::index_type steps = 2000;
  tf::trainer<pretrained, tf::masked_lm, tf::adamw, tf::batch<texts_at_once>, tf::tokens<tokens>> pretraining{
      {.learning_rate = tf::linear_schedule{.learning_rate = 3e-3, .warm_up_steps = steps / 10, .steps = steps},
       .steps = steps,
       .evaluation_interval = steps}};
  pretraining.initialize(3);
  auto whole = toy::texts_of<texts_at_once>(2, sentence);
  std::vector<toy::text> texts;
  for (std::uint64_t i = 0; i < 2 * sentences; ++i) texts.push_back(whole.unseen(i));

  const auto before = found(pretraining.values(), texts);
  auto data = toy::texts_of<texts_at_once>(2, sentence_with_hidden_words);
  const auto learned = pretraining.run(data);
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    return 1;
  }
  const auto after = found(pretraining.values(), texts);
  if (!before || !after) return 1;
  std::printf("pre-training: %.2f nats a hidden word\n", learned->validation_loss);
  std::printf("the nearest sentence has the same subject: %.1f %% after, %.1f %% before, %.1f %% by chance\n",
              100 * *after, 100 * *before, 100.0 / subjects);
  // With eight different seeds: 99 to 100 %, 37 to 48 %.
  return *after > 0.95 && *after > *before + 0.3 ? 0 : 1;
}
