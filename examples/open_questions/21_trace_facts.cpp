// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 21. Tracing facts: which sentences of the corpus taught a model what it says. The corpus is generated, so that they are
//     known. docs/open_questions/tracing.md explains the figures.
//
//    21_trace_facts [STEPS]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/influence/lissa.hpp>
#include <typeformer/hosted/influence/tracin.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/hosted/training/callback.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>

#include "planted_facts.hpp"

using namespace planted_facts;

using trainer_type =
    tf::trainer<reader, tf::causal_language_model, tf::adamw, tf::batch<batch_size>, tf::tokens<longest>>;
using tracer_type = tf::tracin<reader, tf::causal_language_model, tf::tokens<longest>>;

struct checkpoint {
  std::vector<float> values;
  double learning_rate = 0;
};
struct trained {
  double probability = 0;  ///< of the right answer, a geometric mean over the planted facts
  std::vector<checkpoint> checkpoints;
};
/// Learns the corpus, and keeps what it was after each eighth of the steps.
trained learn(const corpus& from, tf::index_type steps) {
  training_sentences data{from};
  trainer_type training{
      {.learning_rate = tf::cosine_schedule{.learning_rate = 4e-3, .warm_up_steps = 50, .steps = steps},
       .steps = steps,
       .evaluation_interval = steps}};
  training.initialize(1);
  trained result;
  const auto learned =
      training.run(data, tf::on_step([&](const trainer_type& at, const tf::step_report& report) {
                     if (report.step % (steps / 8) == 0)
                       result.checkpoints.push_back(
                           {{at.values().data(), at.values().data() + at.values().size()}, report.learning_rate});
                   }));
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    std::exit(1);
  }
  result.probability = std::exp(-learned->validation_loss);
  return result;
}

using ranking = std::vector<std::size_t>;
ranking ranked_by(const std::vector<double>& score) {
  ranking order(score.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  return order;
}

/// Okapi BM25 (Robertson, Zaragoza 2009, §3.3) with k1 = 1.2 and b = 0.75.
std::vector<double> bm25(const corpus& in_corpus, const id_list& query) {
  const double n = double(in_corpus.sentences.size());
  std::vector<double> having(std::size_t{vocabulary_size}), score(in_corpus.sentences.size());
  double mean_length = 0;
  const auto count_in = [](const sentence& s, std::int32_t id) {
    return double(std::count(s.ids.begin(), s.ids.end(), id));
  };
  for (const sentence& s : in_corpus.sentences) {
    mean_length += double(s.ids.size()) / n;
    for (std::int32_t id = 0; id < vocabulary_size; ++id) having[std::size_t(id)] += count_in(s, id) > 0;
  }
  for (std::size_t i = 0; i < score.size(); ++i)
    for (const std::int32_t id : query) {
      const sentence& s = in_corpus.sentences[i];
      const double rarity = std::log(1 + (n - having[std::size_t(id)] + 0.5) / (having[std::size_t(id)] + 0.5)),
                   count = count_in(s, id);
      score[i] += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * double(s.ids.size()) / mean_length));
    }
  return score;
}

/// How many people get one answer in all wordings, and whether it is the right one.
void show_consistency(const corpus& of, const trained& model) {
  tf::weights<reader> weights;
  weights.pack(model.checkpoints.back().values.data());
  tf::forward_pass<reader> run{weights};
  int consistent = 0, right = 0;
  for (std::int32_t person = 0; person < planted; ++person) {
    id_list answers;
    for (std::size_t wording = 0; wording < 3; ++wording) {
      const id_list text = asked(first_opener, person, wording);
      const auto logits = run.run(text);
      if (!logits) std::exit(1);
      const float* const last = (*logits)[tf::index_type(text.size()) - 1];
      answers.push_back(std::int32_t(std::max_element(last, last + vocabulary_size) - last));
    }
    const bool agree = answers[0] == answers[1] && answers[1] == answers[2];
    consistent += agree;
    right += agree && answers[0] == of.home_of[std::size_t(person)];
  }
  std::printf("one answer in three wordings: %d of %d planted people, the right one of %d\n", consistent, int(planted),
              right);
}

/// The cosine of what the model makes of a query and of each sentence: the means of their final hidden states.
std::vector<std::vector<double>> similarities(const corpus& in_corpus, const trained& model,
                                              const std::vector<id_list>& queries) {
  tf::weights<reader> weights;
  weights.pack(model.checkpoints.back().values.data());
  tf::forward_pass<reader, tf::observing> run{weights};
  tf::recorded_values states{tf::observation::final_hidden_state};
  const auto mean_of = [&](std::span<const std::int32_t> ids) {
    std::vector<double> mean(std::size_t{model_width});
    if (!run.run(ids, states.observer())) std::exit(1);
    const tf::value_table& all = states.at({tf::observation::final_hidden_state, 0});
    for (tf::index_type row = 0; row < all.rows; ++row)
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += double(all.row(row)[i]);
    return mean;
  };
  const auto product = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  std::vector<std::vector<double>> wanted, scores(queries.size());
  for (const id_list& query : queries) wanted.push_back(mean_of(query));
  for (const sentence& s : in_corpus.sentences) {
    const std::vector<double> mean = mean_of(std::span{s.ids}.first(s.ids.size() - 1));
    const double size = std::sqrt(product(mean, mean));
    for (std::size_t q = 0; q < queries.size(); ++q) scores[q].push_back(product(wanted[q], mean) / size);
  }
  return scores;
}

/// What TracIn says of each planted fact.
std::vector<ranking> traced(const corpus& in_corpus, const trained& model, tf::gradient_similarity compares) {
  tracer_type scores{planted, in_corpus.sentences.size(), compares};
  tf::token_batch_builder one;
  const auto batch_of = [&](const toy::text& text) {
    one.clear();
    one.add(text.ids, text.labels);
    return one.batch();
  };
  std::vector<ranking> found;
  for (const checkpoint& at : model.checkpoints)
    if (!scores.add(
            at.values.data(), at.learning_rate,
            [&](std::size_t person) { return batch_of(question(in_corpus, std::int32_t(person))); },
            [&](std::size_t i) { return batch_of(whole(in_corpus.sentences[i])); }))
      std::exit(1);
  for (std::size_t person = 0; person < planted; ++person) found.push_back(scores.ranking(person));
  return found;
}

/// The same at the last checkpoint alone, with the gradient of each question multiplied by the inverse Hessian of the
/// training loss.
std::vector<ranking> traced_by_curvature(const corpus& in_corpus, const trained& model) {
  using objective = tf::causal_language_model;
  tf::tracin<reader, objective, tf::tokens<longest>, tf::scalar<double>> scores{planted, in_corpus.sentences.size()};
  tf::lissa<reader, objective, tf::batch<batch_size>, tf::tokens<longest>, tf::scalar<double>> inverse{
      {.damping = 2, .scale = 50, .steps = 400, .perturbation = 1e-4}};
  training_sentences data{in_corpus};
  tf::token_batch_builder one;
  const auto batch_of = [&](const toy::text& text) {
    one.clear();
    one.add(text.ids, text.labels);
    return one.batch();
  };
  const std::vector<float>& last = model.checkpoints.back().values;
  const std::vector<double> values(last.begin(), last.end());
  double worst = 0;
  const auto added = scores.add(
      values.data(), 1, [&](std::size_t person) { return batch_of(question(in_corpus, std::int32_t(person))); },
      [&](std::size_t i) { return batch_of(whole(in_corpus.sentences[i])); },
      [&](std::span<double> gradient) {
        const auto residual = inverse.apply(
            values.data(), gradient, [&](tf::index_type step) { return data.training_batch(std::uint64_t(step)); });
        if (residual) worst = std::max(worst, *residual);
        return residual;
      });
  if (!added) std::exit(1);
  std::printf("LiSSA: worst residual %.3f\n", worst);
  std::vector<ranking> found;
  for (std::size_t person = 0; person < planted; ++person) found.push_back(scores.ranking(person));
  return found;
}

/// The share of the first ten that state the fact, a mean over the planted ones.
double precision(const corpus& in_corpus, const std::vector<ranking>& found) {
  double right = 0;
  for (std::size_t person = 0; person < planted; ++person)
    for (std::size_t i = 0; i < examined; ++i)
      right += in_corpus.sentences[found[person][i]].teaches == std::int32_t(person);
  return right / double(examined * planted);
}
/// How many of the sentences that state another home are among the ten that raised the loss most.
int harmful(const corpus& in_corpus, const std::vector<ranking>& found) {
  int count = 0;
  for (std::size_t person = 0; person < contradicted; ++person)
    for (std::size_t i = 0; i < examined; ++i)
      count += in_corpus.sentences[found[person].rbegin()[std::ptrdiff_t(i)]].contradicts == std::int32_t(person);
  return count;
}
/// The probability of the answers after training again without the first ten of each fact.
double probability_without(corpus changed, const std::vector<ranking>& found, tf::index_type steps) {
  for (const ranking& of_fact : found)
    for (std::size_t i = 0; i < examined; ++i) changed.removed[of_fact[i]] = true;
  return learn(changed, steps).probability;
}

int main(int argc, char** argv) {
  const tf::index_type steps = argc > 1 ? std::atoi(argv[1]) : 800;
  const corpus known{1};
  const trained model = learn(known, steps);
  std::printf("%d sentences; the planted answers have probability %.3f\n", int(known.sentences.size()),
              model.probability);
  show_consistency(known, model);

  std::vector<id_list> statements;
  for (std::int32_t person = 0; person < planted; ++person) {
    statements.push_back(question(known, person).ids);
    statements.back().push_back(known.home_of[std::size_t(person)]);
  }
  std::vector<ranking> by_words, by_states;
  for (const id_list& statement : statements) by_words.push_back(ranked_by(bm25(known, statement)));
  for (const auto& scores : similarities(known, model, statements)) by_states.push_back(ranked_by(scores));
  const std::vector<ranking> by_product = traced(known, model, tf::gradient_similarity::product),
                             by_cosine = traced(known, model, tf::gradient_similarity::cosine),
                             by_curvature = traced_by_curvature(known, model);
  std::printf("\n%-20s precision@10  probability without the ten\n", "");
  const auto show = [&](const char* name, const std::vector<ranking>& found) {
    std::printf("%-20s %12.3f  %26.4f\n", name, precision(known, found), probability_without(known, found, steps));
  };
  show("TracIn", by_product);
  show("TracIn, cosine", by_cosine);
  trained end;
  end.checkpoints.push_back(model.checkpoints.back());
  show("last checkpoint", traced(known, end, tf::gradient_similarity::product));
  show("  inverse Hessian", by_curvature);
  show("BM25", by_words);
  show("final hidden states", by_states);
  std::printf(
      "\nsentences that state another home, among the ten that raised the loss most: TracIn %d, cosine %d of %d\n",
      harmful(known, by_product), harmful(known, by_cosine), int(contradicted * contradictions));
  return precision(known, by_product) >= 0.8 && precision(known, by_words) < 0.5 ? 0 : 1;
}
