// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 7. A frozen body with a new head. What pre-training learned about words is enough for a linear map, trained on 16
//    sentences, to distinguish nouns from verbs. The body does not change, so one body can serve many heads.
#include <cstdio>
#include <optional>

#include "generated_texts.hpp"

#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/parameters/copy_parameters.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/parameters/initialize_adapters.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

// The language: article, perhaps an adjective, noun, verb, article, perhaps an adjective, noun. Ten words can be nouns
// or verbs; only the words around them decide.
enum word_class : std::int32_t { article, adjective, noun, verb, word_classes };
constexpr std::int32_t articles = 4, adjectives = 30, nouns = 40, verbs = 30, nouns_and_verbs = 10;
constexpr std::int32_t first_of[] = {toy::first_word, toy::first_word + articles,
                                     toy::first_word + articles + adjectives,
                                     toy::first_word + articles + adjectives + nouns};
constexpr tf::index_type tokens = 8, texts_at_once = 32, labeled_sentences = 16;

void add_word(toy::text& t, word_class c, tf::philox& random) {
  // The last nouns are the first verbs: the lists overlap.
  constexpr std::uint32_t count[] = {articles, adjectives, nouns + nouns_and_verbs, verbs};
  t.add(first_of[c] + toy::pick(random, count[c]), c);
}
toy::text sentence(tf::philox& random) {
  toy::text t;
  t.add(toy::begin_of_text);
  for (const bool subject : {true, false}) {
    add_word(t, article, random);
    if (toy::pick(random, 2) == 0) add_word(t, adjective, random);
    add_word(t, noun, random);
    if (subject) add_word(t, verb, random);
  }
  return t;
}
toy::text sentence_with_hidden_words(tf::philox& random) { return toy::hide_words(sentence(random), random); }

constexpr tf::bert_config config{.layers = 2,
                                 .width = 32,
                                 .heads = 2,
                                 .hidden = 64,
                                 .vocabulary = toy::first_word + articles + adjectives + nouns + verbs,
                                 .context = tokens,
                                 .classifies_pairs = false};
struct pretrained : tf::bert<config> {};
struct labeling : tf::bert_body<config, tf::gelu_erf, tf::classifier<word_classes>> {};

template <class M, class Objective, tf::index_type Batch>
using trainer = tf::trainer<M, Objective, tf::adamw, tf::batch<Batch>, tf::tokens<tokens>>;

tf::training_recipe<tf::adamw> recipe(double learning_rate, tf::index_type steps) {
  return {
      .learning_rate = tf::linear_schedule{.learning_rate = learning_rate, .warm_up_steps = steps / 10, .steps = steps},
      .steps = steps,
      .evaluation_interval = steps};
}

/// The fraction of words in new sentences that get the right class, with a frozen body.
std::optional<double> accuracy_of_head(const tf::parameters<pretrained>& body) {
  auto head = recipe(3e-2, 200);
  head.trains = tf::trains_heads{};
  trainer<labeling, tf::token_classification, labeled_sentences> training{head};
  training.initialize(7);
  if (!tf::copy_parameters(body, training.values(), tf::body_parameters{})) return {};
  auto data = toy::texts_of<labeled_sentences>(1, sentence, labeled_sentences);
  if (const auto summary = training.run(data); !summary) {
    std::fprintf(stderr, "%s\n", summary.error().message().c_str());
    return {};
  }
  const auto found = training.evaluate(data);
  if (!found) return {};

  bool is_frozen = true;
  tf::for_each_tensor(tf::layout_of<labeling>, [&](const tf::parameter_tensor& tensor) {
    if (tf::trains_heads{}(tensor)) return;
    const tf::parameter_tensor before = tf::find_tensor(tf::layout_of<pretrained>, tensor.name());
    for (tf::index_type i = 0; i < tensor.size(); ++i)
      is_frozen = is_frozen && training.values().of(tensor)[i] == body.of(before)[i];
  });
  if (!is_frozen) return {};
  return found->parts[0].accuracy;
}

int main() {
  trainer<pretrained, tf::masked_lm, texts_at_once> pretraining{recipe(3e-3, 700)};
  pretraining.initialize(3);
  const tf::parameters<pretrained>& body = pretraining.values();
  const auto untrained = accuracy_of_head(body);
  auto texts = toy::texts_of<texts_at_once>(2, sentence_with_hidden_words);
  const auto learned = pretraining.run(texts);
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    return 1;
  }
  const auto accuracy = accuracy_of_head(body);
  if (!accuracy || !untrained) return 1;
  std::printf("%td numbers of a head learned, %td of the body frozen\n",
              tf::index_type(word_classes * (config.width + 1)),
              tf::index_type(tf::layout_of<labeling>.parameters) - word_classes * (config.width + 1));
  std::printf("words labeled rightly: %.1f %% on the pre-trained body, %.1f %% on one that read nothing\n",
              100 * *accuracy, 100 * *untrained);
  // With eight different seeds: 99 to 100 % and 72 to 79 %.
  return *accuracy > 0.95 && *accuracy > *untrained + 0.05 ? 0 : 1;
}
