// SPDX-License-Identifier: BSL-1.0
// 23. A ladder of sizes: GPTs of six sizes learn a text for four lengths of training; a scaling law is fitted to their
//     losses, and predicts a larger model that is trained afterwards. docs/open_questions/efficiency.md explains the figures.
//
//    23_scaling_ladder TEXT [SEEDS [TOKENS]]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/data/text_file.hpp>
#include <typeformer/hosted/training/scaling_law_fit.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>
#include <typeformer/text/character_vocabulary.hpp>

#include "on_all_cores.hpp"

namespace tf = typeformer;

constexpr tf::index_type batch_size = 8, length = 64, symbols = 128;

/// Two blocks of any width.
template <tf::index_type Width>
struct gpt_of
    : tf::gpt2<tf::gpt2_config{.layers = 2, .width = Width, .heads = 4, .vocabulary = symbols, .context = length}> {
  /// Without the tables of tokens and positions, which do not grow with the work for a token (Kaplan et al. 2020).
  static constexpr double size = double(tf::parameter_count<gpt_of> - (symbols + length) * Width);
  /// One rate for all is too large for wide models, and one that falls with the width too small.
  static constexpr double rate = 3e-3 * tf::math::sqrt(32 / double(Width));
};

/// Trains on so many tokens and returns the loss of the last tenth of the text.
template <class M> tf::finished_run trained(const std::vector<std::int32_t>& ids, std::uint64_t seed, double tokens) {
  auto data = tf::causal_windows<batch_size, length>::of(ids, symbols, seed);
  const tf::index_type steps = std::max<tf::index_type>(1, tf::index_type(tokens) / (batch_size * length));
  tf::trainer<M, tf::causal_language_model, tf::adamw, tf::batch<batch_size>> training{
      {.learning_rate = tf::cosine_schedule{.learning_rate = M::rate, .warm_up_steps = steps / 10, .steps = steps},
       .steps = steps,
       .evaluation_interval = steps}};
  training.initialize(seed);
  const auto summary = training.run(*data);
  if (!summary) {
    std::fprintf(stderr, "%s\n", summary.error().message().c_str());
    std::exit(1);
  }
  return {.parameters = M::size, .tokens = double(steps * batch_size * length), .loss = summary->validation_loss};
}

struct planned_run {
  tf::finished_run (*train)(const std::vector<std::int32_t>&, std::uint64_t, double);
  double tokens;
};

/// Runs that do not depend on each other, on all cores.
std::vector<tf::finished_run> finished(const std::vector<planned_run>& plan, const std::vector<std::int32_t>& ids,
                                       std::uint64_t seed) {
  std::vector<tf::finished_run> runs(plan.size());
  toy::on_all_cores(plan.size(), [&](std::size_t i) { runs[i] = plan[i].train(ids, seed, plan[i].tokens); });
  return runs;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "23_scaling_ladder TEXT [SEEDS [TOKENS]]\n");
    return 2;
  }
  const std::uint64_t seeds = argc > 2 ? std::uint64_t(std::atoi(argv[2])) : 3;
  const double most = argc > 3 ? std::atof(argv[3]) : 4e6;
  const auto text = tf::read_text(argv[1]);
  if (!text) return std::fprintf(stderr, "%s\n", text.error().message().c_str()), 1;
  const auto vocabulary = tf::character_vocabulary::of(*text);
  if (!vocabulary || vocabulary->size() > symbols) return std::fprintf(stderr, "too many characters\n"), 1;
  const std::vector<std::int32_t> ids = *vocabulary->encode(*text);

  std::vector<planned_run> plan;  // the longest first, so that the cores finish together
  for (const double tokens : {most, most / 2, most / 4, most / 8})
    for (const auto train : {trained<gpt_of<48>>, trained<gpt_of<40>>, trained<gpt_of<32>>, trained<gpt_of<24>>,
                             trained<gpt_of<20>>, trained<gpt_of<16>>})
      plan.push_back({train, tokens});
  const std::vector<planned_run> larger{{trained<gpt_of<64>>, most}, {trained<gpt_of<64>>, most / 2}};

  double worst = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto runs = finished(plan, ids, seed);
    std::printf("seed %d\nparameters   tokens    loss\n", int(seed));
    for (const auto& run : runs) std::printf("%10.0f %8.0f  %.4f\n", run.parameters, run.tokens, run.loss);
    const auto fit = tf::scaling_law_fit::of(runs, seed);
    if (!fit) return std::fprintf(stderr, "%s\n", fit.error().message().c_str()), 1;
    const auto& law = fit->law();
    const auto alpha = fit->interval_of(&tf::scaling_law::alpha), beta = fit->interval_of(&tf::scaling_law::beta),
               floor = fit->interval_of(&tf::scaling_law::floor);
    std::printf("floor %.3f (%.3f to %.3f), alpha %.3f (%.3f to %.3f), beta %.3f (%.3f to %.3f); error %.2f %%\n",
                law.floor, floor.low, floor.high, law.alpha, alpha.low, alpha.high, law.beta, beta.low, beta.high,
                100 * fit->relative_error());
    for (const auto& run : finished(larger, ids, seed)) {
      const double predicted = law.loss(run.parameters, run.tokens);
      const auto between = fit->interval_of_loss(run.parameters, run.tokens);
      std::printf("predicted for %.0f parameters, %.0f tokens: %.4f (%.4f to %.4f); found %.4f, %+.2f %%\n",
                  run.parameters, run.tokens, predicted, between.low, between.high, run.loss,
                  100 * (predicted / run.loss - 1));
      worst = std::max(worst, std::abs(predicted / run.loss - 1));
    }
  }
  std::printf("worst error of a prediction: %.2f %%\n", 100 * worst);
  return worst < 0.02 ? 0 : 1;
}
