// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 22. Smaller models: a small one learns from few texts, with the labels of the data or with the distributions of a larger
//     one; and the larger one loses half of its heads and hidden units. docs/open_questions/efficiency.md explains the
//     figures.
//
//    The language is a Markov chain: two symbols decide between four successors with known probabilities, so that the
//    smallest loss is known.
//
//    22_distill [STEPS [TEXTS]]
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/data/taught_batches.hpp>
#include <typeformer/hosted/training/callback.hpp>
#include <typeformer/hosted/weights/part_strengths.hpp>
#include <typeformer/objectives/distillation.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/parameters/copy_kept_parts.hpp>

#include "../generated_texts.hpp"

namespace tf = typeformer;

constexpr std::int32_t symbols = 16;
constexpr tf::index_type length = 24, batch_size = 16;
constexpr std::array probabilities{0.55, 0.25, 0.15, 0.05};

template <tf::index_type Blocks, tf::index_type Width, tf::index_type Heads = 4, tf::index_type Hidden = 4 * Width>
struct gpt_of
    : tf::decoder_only<
          tf::token_embedding<tf::vocabulary<symbols>, tf::width<Width>>, tf::learned_positions<tf::context<length>>,
          tf::repeat<Blocks,
                     tf::pre_norm_block<tf::self_attention<tf::heads<Heads>, tf::head_width<Width / 4>, tf::causal>,
                                        tf::feed_forward<Hidden, tf::gelu_erf>>>,
          tf::final_norm<tf::layer_norm<>>, tf::untied_head> {};
struct teacher : gpt_of<2, 64> {};
struct student : gpt_of<1, 32> {};
struct pruned : gpt_of<2, 64, 2, 128> {};

/// The k-th likely successor of two symbols: four different ones.
std::int32_t successor(std::int32_t before, std::int32_t last, std::int32_t k) {
  const std::int32_t first = (before * 7 + last * 3 + before * last) % symbols,
                     step = 2 * ((before + 2 * last) % 8) + 1;
  return (first + k * step) % symbols;
}
toy::text drawn(tf::philox& random) {
  toy::text made;
  std::int32_t before = toy::pick(random, symbols), last = toy::pick(random, symbols);
  made.add(before, tf::no_label);  // two symbols decide, so the first two are not to be known
  for (tf::index_type i = 1; i < length; ++i) {
    const double number = double(toy::pick(random, 1 << 20)) / double(1 << 20);
    std::int32_t k = 0;
    for (double sum = probabilities[0]; k < 3 && number >= sum; sum += probabilities[std::size_t(++k)]) {}
    const std::int32_t next = successor(before, last, k);
    made.add(last, next);
    before = last;
    last = next;
  }
  return made;
}

template <class M, class Objective> using trainer_of = tf::trainer<M, Objective, tf::adamw, tf::batch<batch_size>>;

/// The mean loss of the labels of unseen texts.
template <class M> double loss_of_labels(const tf::parameters<M>& values) {
  static auto unseen = toy::texts_of<batch_size>(1, drawn);
  static tf::loss_pass<M, tf::causal_language_model, tf::batch<batch_size>> pass;
  double sum = 0;
  for (tf::index_type part = 0; part < unseen.validation_batches(); ++part) {
    tf::token_batch batch = unseen.validation_batch(part);
    tf::set_mean_scales<tf::causal_language_model>(batch);
    const auto score = pass.run(values.data(), batch);
    if (!score) std::exit(1);
    sum += score->loss() / double(unseen.validation_batches());
  }
  return sum;
}
/// That loss at the best of ten moments of training, and at the end.
struct losses {
  double best = 1e9, last = 0;
};
template <class M, class Objective, class Data> losses learn(trainer_of<M, Objective>& training, Data&& data) {
  losses found;
  const auto learned = training.run(data, tf::on_evaluation([&](const auto& at, const tf::evaluation_report&) {
                                      found.last = loss_of_labels<M>(at.values());
                                      found.best = std::min(found.best, found.last);
                                    }));
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    std::exit(1);
  }
  return found;
}
template <class M, class Objective> trainer_of<M, Objective> trainer_for(tf::index_type steps) {
  return trainer_of<M, Objective>{
      {.learning_rate = tf::cosine_schedule{.learning_rate = 3e-3, .warm_up_steps = 50, .steps = steps},
       .steps = steps,
       .evaluation_interval = steps / 10}};
}

/// The teacher with the heads and hidden units that `choose(strengths, number)` keeps of each block.
template <class Choose> tf::parameters<pruned> kept_of(const tf::parameters<teacher>& values, Choose&& choose) {
  std::vector<std::vector<tf::index_type>> lists;
  for (tf::index_type block = 0; block < 2; ++block) {
    lists.push_back(choose(tf::head_strengths(values, block, 4), tf::index_type{2}));
    lists.push_back(choose(tf::hidden_strengths(values, block, 256), tf::index_type{128}));
  }
  const std::array blocks{tf::kept_parts{lists[0], lists[1]}, tf::kept_parts{lists[2], lists[3]}};
  tf::parameters<pruned> kept;
  if (const auto copied = tf::copy_kept_parts(values, kept, blocks); !copied) {
    std::fprintf(stderr, "%s\n", std::string(copied.error().message()).c_str());
    std::exit(1);
  }
  return kept;
}
/// A tenth of the teacher's steps with labels, from given values or from new ones.
losses trained_on(const tf::parameters<pruned>* start, tf::index_type steps) {
  auto data = toy::texts_of<batch_size>(2, drawn);
  auto training = trainer_for<pruned, tf::causal_language_model>(steps);
  training.initialize(3);
  if (start) std::copy_n(start->data(), start->size(), training.values().data());
  return learn<pruned, tf::causal_language_model>(training, data);
}

int main(int argc, char** argv) {
  const tf::index_type steps = argc > 1 ? std::atoi(argv[1]) : 300;
  const std::uint64_t texts = argc > 2 ? std::uint64_t(std::atoi(argv[2])) : 150;
  double least = 0;
  for (const double p : probabilities) least -= p * std::log(p);

  using hard = tf::causal_language_model;
  using soft = tf::token_distillation<1.0>;
  auto many_texts = toy::texts_of<batch_size>(1, drawn);

  auto of_teacher = trainer_for<teacher, hard>(2 * steps);
  of_teacher.initialize(1);
  const losses of_larger = learn<teacher, hard>(of_teacher, many_texts);

  auto with_labels = trainer_for<student, hard>(steps);
  with_labels.initialize(2);
  auto data = toy::texts_of<batch_size>(1, drawn, texts);
  const losses by_labels = learn<student, hard>(with_labels, data);

  const tf::weights<teacher> weights{of_teacher.values()};
  tf::forward_pass<teacher, tf::batch<batch_size>> teaching{weights};
  tf::taught_batches lessons{data, teaching};
  auto with_lessons = trainer_for<student, soft>(steps);
  with_lessons.initialize(2);
  const losses by_lessons = learn<student, soft>(with_lessons, lessons);

  std::printf("parameters: teacher %d, student %d; %d texts of %d tokens for the student\n",
              int(tf::parameter_count<teacher>), int(tf::parameter_count<student>), int(texts), int(length));
  std::printf("nats a token   best    at the end; the language has %.4f\n", least);
  std::printf("teacher       %.4f  %.4f\n", of_larger.best, of_larger.last);
  std::printf("from labels   %.4f  %.4f\n", by_labels.best, by_labels.last);
  std::printf("from teacher  %.4f  %.4f\n", by_lessons.best, by_lessons.last);

  const auto weakest = [](std::vector<double> strengths, tf::index_type count) {
    for (double& strength : strengths) strength = -strength;
    return tf::strongest(strengths, count);
  };
  const tf::parameters<pruned> strong = kept_of(of_teacher.values(), tf::strongest),
                               weak = kept_of(of_teacher.values(), weakest);
  const tf::index_type few = steps / 5;
  std::printf("\nhalf of the teacher's heads and hidden units, %d parameters: before and after %d steps\n",
              int(tf::parameter_count<pruned>), int(few));
  std::printf("the strongest %.4f  %.4f\n", loss_of_labels<pruned>(strong), trained_on(&strong, few).last);
  std::printf("the weakest   %.4f  %.4f\n", loss_of_labels<pruned>(weak), trained_on(&weak, few).last);
  std::printf("new values            %.4f\n", trained_on(nullptr, few).last);
  return by_lessons.last < by_labels.best ? 0 : 1;
}
