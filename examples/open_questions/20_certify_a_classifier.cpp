// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 20. Robustness: how far embeddings of a text can move before a classifier changes its answer. An attack finds a distance
//     at which it does, bounds prove one at which it cannot. docs/open_questions/robustness.md explains the figures.
//
//    A text is seven words, each of which is good or bad, and its class is that of most words.
//
//    20_certify_a_classifier [STEPS [TEXTS]]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <typeformer/hosted.hpp>
#include <typeformer/hosted/interpretability/input_gradients.hpp>
#include <typeformer/hosted/robustness/certified_bounds.hpp>
#include <typeformer/hosted/robustness/projected_gradient.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>

#include "../generated_texts.hpp"

namespace tf = typeformer;

constexpr tf::index_type words_of_text = 7;
constexpr std::int32_t words = 12;

struct judge : tf::encoder_only<tf::token_embedding<tf::vocabulary<words>, tf::width<16>>,
                                tf::learned_positions<tf::context<words_of_text>>,
                                tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>,
                                                                 tf::feed_forward<32, tf::gelu_erf>>>,
                                tf::mean_pooling, tf::classifier<2>> {};

toy::text drawn(tf::philox& random) {
  toy::text made;
  int good = 0;
  for (tf::index_type i = 0; i < words_of_text; ++i) {
    const std::int32_t word = toy::pick(random, words);
    good += word % 2;
    made.add(word);
  }
  made.label = good > words_of_text / 2;
  return made;
}

using run_type = tf::forward_pass<judge, tf::observing>;
using gradients_type = tf::input_gradients<judge, tf::sequence_classification>;

/// Whether the attack changes the answer.
bool succeeds(run_type& run, gradients_type& gradients, const tf::parameters<judge>& values, const toy::text& text,
              double radius) {
  tf::token_batch_builder builder;
  builder.add(text.ids, text.labels, {}, text.label);
  const auto found = tf::attack(gradients, values.data(), builder.batch(), {.radius = radius});
  if (!found) return false;
  const auto add = [&](tf::observation what, tf::loop_place, tf::block_view<float> rows, tf::index_type) {
    for (std::size_t i = 0; what == tf::observation::embedding && i < found->shift.size(); ++i)
      rows.data[i] += found->shift[i];
  };
  const auto logits = run.run(text.ids, add);
  return logits && (*logits)[0][1 - text.label] >= (*logits)[0][text.label];
}

template <class Bounds> bool is_certain(Bounds& bounds, const toy::text& text, double radius) {
  const auto logits = bounds.run(text.ids, radius);
  return logits && tf::surely_largest((*logits)[0], 2, text.label);
}

/// Where a condition that holds for larger radii begins to hold, by bisection of the exponent.
template <class Holds> double threshold(Holds holds) {
  double below = 1e-5, above = 10;
  for (int step = 0; step < 12; ++step) {
    const double middle = std::sqrt(below * above);
    (holds(middle) ? above : below) = middle;
  }
  return std::sqrt(below * above);
}
double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[numbers.size() / 2];
}

int main(int argc, char** argv) {
  const tf::index_type steps = argc > 1 ? std::atoi(argv[1]) : 600;
  const std::uint64_t count = argc > 2 ? std::uint64_t(std::atoi(argv[2])) : 10;
  toy::generated_texts<32, toy::text (*)(tf::philox&)> data{1, drawn};
  tf::trainer<judge, tf::sequence_classification, tf::adamw, tf::batch<32>> training{
      {.learning_rate = tf::cosine_schedule{.learning_rate = 5e-3, .warm_up_steps = 50, .steps = steps},
       .steps = steps,
       .evaluation_interval = steps}};
  training.initialize(1);
  const auto learned = training.run(data);
  if (!learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    return 1;
  }
  std::printf("%.4f nats a text\n", learned->validation_loss);

  const tf::parameters<judge>& values = training.values();
  const tf::weights<judge> weights{values};
  run_type run{weights};
  gradients_type gradients;
  tf::interval_bounds<judge> intervals{values};
  tf::affine_bounds<judge, tf::named_errors<3>> forms{values};
  std::vector<double> attacked, by_intervals, by_forms;
  int right = 0;
  for (std::uint64_t n = 0; n < count; ++n) {
    const toy::text text = data.unseen(n);
    const auto logits = run.run(text.ids);
    if (!logits || (*logits)[0][text.label] <= (*logits)[0][1 - text.label]) continue;
    ++right;
    attacked.push_back(threshold([&](double r) { return succeeds(run, gradients, values, text, r); }));
    by_intervals.push_back(threshold([&](double r) { return !is_certain(intervals, text, r); }));
    by_forms.push_back(threshold([&](double r) { return !is_certain(forms, text, r); }));
  }
  bool is_sound = true;
  for (std::size_t i = 0; i < attacked.size(); ++i)
    is_sound = is_sound && by_forms[i] < attacked[i] * 1.01 && by_intervals[i] < attacked[i] * 1.01;
  const double of_attack = median(attacked);
  int tenth = 0, tenth_by_intervals = 0;
  for (std::size_t i = 0; i < attacked.size(); ++i) {
    tenth += by_forms[i] >= of_attack / 10;
    tenth_by_intervals += by_intervals[i] >= of_attack / 10;
  }
  std::printf("%d of %d texts are right\n", right, int(count));
  std::printf("median radius: 100 steps of attack %.4f, certified by linear bounds %.4f, by intervals %.5f\n",
              of_attack, median(by_forms), median(by_intervals));
  std::printf("certified at a tenth of the attack's median: %d by linear bounds, %d by intervals; %s\n", tenth,
              tenth_by_intervals, is_sound ? "no attack is inside of a certified radius" : "UNSOUND");
  return is_sound && 2 * tenth >= right && 10 * right >= 9 * int(count) ? 0 : 1;
}
