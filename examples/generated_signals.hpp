// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/feature_batches.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/session/forward_pass.hpp>

/// What the examples on images and signals share: random numbers, training, and a run without heap.
namespace toy {

namespace tf = typeformer;

inline float uniform(tf::philox& random, float low, float high) {
  return low + (high - low) * float(random()) * 0x1p-32f;
}
/// Roughly normal, with standard deviation 1: a sum of uniform numbers.
inline float noise(tf::philox& random) {
  float sum = 0;
  for (int i = 0; i < 12; ++i) sum += uniform(random, -0.5f, 0.5f);
  return sum;
}
inline std::int32_t pick(tf::philox& random, std::uint32_t size) {
  return std::int32_t(tf::uniform_below(size, random));
}

/// Examples that `draw` makes of the random numbers of a seed.
template <class Draw> std::vector<tf::real_example> examples_of(Draw draw, std::uint64_t seed, int count) {
  std::vector<tf::real_example> all;
  tf::philox random{seed};
  for (int i = 0; i < count; ++i) all.push_back(draw(random));
  return all;
}

struct plan {
  tf::index_type steps;
  double learning_rate;
};

/// The values that a model has learned from the examples; nothing after an error.
template <class M, class Objective>
std::optional<tf::parameters<M>> trained(const std::vector<tf::real_example>& examples,
                                         const std::vector<tf::real_example>& unseen, plan plan) {
  constexpr tf::index_type batch = 32;
  tf::trainer<M, Objective, tf::adamw, tf::batch<batch>, tf::tokens<M::context>> training{
      {.learning_rate =
           tf::linear_schedule{
               .learning_rate = plan.learning_rate, .warm_up_steps = plan.steps / 10, .steps = plan.steps},
       .steps = plan.steps,
       .evaluation_interval = plan.steps}};
  training.initialize(5);
  auto data = tf::feature_batches<M, batch>::of(examples, unseen, 7);
  if (!data) {
    std::fprintf(stderr, "%s\n", data.error().message().c_str());
    return {};
  }
  if (const auto summary = training.run(*data); !summary) {
    std::fprintf(stderr, "%s\n", summary.error().message().c_str());
    return {};
  }
  return std::move(training.values());
}

/// What a model delivers for each example, [examples][outputs]: without heap, from values that lie where they are.
template <class M>
std::vector<float> delivered(const tf::parameters<M>& values, const std::vector<tf::real_example>& examples) {
  const tf::canonical_weights<M> weights{values};
  static std::optional<tf::forward_pass<M, tf::storage::in_place, tf::reads<tf::canonical>>> run;
  run.emplace(weights);
  std::vector<float> all;
  for (const tf::real_example& example : examples) {
    const auto output = run->run(std::span<const float>{example.values});
    if (!output) return {};
    all.insert(all.end(), (*output)[0], (*output)[0] + M::output::width);
  }
  return all;
}

/// The share of the examples whose label has the largest logit.
template <class M> double accuracy(const tf::parameters<M>& values, const std::vector<tf::real_example>& examples) {
  constexpr std::size_t classes = std::size_t(M::output::width);
  const std::vector<float> logits = delivered(values, examples);
  int right = 0;
  for (std::size_t i = 0; i < examples.size() && !logits.empty(); ++i) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < classes; ++c)
      if (logits[i * classes + c] > logits[i * classes + best]) best = c;
    right += std::int32_t(best) == examples[i].label;
  }
  return double(right) / double(examples.size());
}

/// R², the share of the variance of a target that a model explains, of each of its outputs.
template <class M>
std::vector<double> explained(const tf::parameters<M>& values, const std::vector<tf::real_example>& examples) {
  constexpr std::size_t outputs = std::size_t(M::output::width);
  const std::vector<float> found = delivered(values, examples);
  std::vector<double> shares(outputs, 0);
  for (std::size_t o = 0; o < outputs && !found.empty(); ++o) {
    double mean = 0, left = 0, all = 0;
    for (const tf::real_example& e : examples) mean += double(e.targets[o]) / double(examples.size());
    for (std::size_t i = 0; i < examples.size(); ++i) {
      const double target = double(examples[i].targets[o]);
      left += std::pow(target - double(found[i * outputs + o]), 2);
      all += std::pow(target - mean, 2);
    }
    shares[o] = 1 - left / all;
  }
  return shares;
}

/// Starts with larger weights than GPT-2, whose 0.02 suits widths of hundreds.
struct small_widths {
  static constexpr tf::initial_values starts[] = {{"*norm.weight", 0, 1}, {"*.weight", 0.15}};
  static constexpr tf::initialization initial{starts, 2};
};

}  // namespace toy
