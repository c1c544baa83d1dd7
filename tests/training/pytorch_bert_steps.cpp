// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>
#include <typeformer/session/batch_tables.hpp>

#include "support/catch.hpp"

namespace typeformer {
namespace {

struct tiny_bert
    : bert<bert_config{.layers = 2, .width = 48, .heads = 4, .hidden = 96, .vocabulary = 96, .context = 32}> {};

constexpr index_type steps = 50, sequences = 4, length = 24;

std::vector<double> numbers(const checkpoint_file& file, std::string_view name) {
  const stored_tensor& tensor = *file.find(name);
  std::vector<double> values(tensor.element_count());
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}
std::vector<std::int32_t> integers(const checkpoint_file& file, std::string_view name) {
  std::vector<std::int64_t> values(file.find(name)->element_count());
  REQUIRE(read_integers(*file.find(name), values));
  return {values.begin(), values.end()};
}

/// The pairs of one step, without the padding that PyTorch computed and ignored.
struct batch_of_step {
  batch_tables<sequences, length> tables;
  std::vector<std::int32_t> labels, segments;

  batch_of_step(const checkpoint_file& made, index_type step) {
    const auto ids = integers(made, "ids"), targets = integers(made, "labels"), lengths = integers(made, "lengths"),
               second_texts = integers(made, "second_texts");
    for (index_type s = 0; s < sequences; ++s) {
      const auto sequence = static_cast<std::size_t>(step * sequences + s);
      tables.start_sequence(0);
      for (index_type t = 0; t < lengths[sequence]; ++t) {
        const std::size_t at = sequence * length + static_cast<std::size_t>(t);
        tables.add(ids[at], t);
        labels.push_back(targets[at]);
        segments.push_back(t >= second_texts[sequence]);
      }
    }
  }
};

TEST_CASE("follows PyTorch for 50 steps of BERT's pre-training") {
  const std::string source = TYPEFORMER_SOURCE_DIR;
  const auto made = checkpoint_file::open(source + "/tests/training/bert_steps.safetensors");
  REQUIRE(made);
  auto loaded = load_parameters<tiny_bert>(source + "/tests/golden/models/bert");
  REQUIRE(loaded);
  parameters<tiny_bert>& values = *loaded;
  const auto next_labels = integers(*made, "next_labels");
  const auto losses = numbers(*made, "losses"), masked_lm_losses = numbers(*made, "masked_lm_losses"),
             next_sentence_losses = numbers(*made, "next_sentence_losses"), rates = numbers(*made, "learning_rates"),
             norms = numbers(*made, "gradient_norms");

  training_pass<tiny_bert, bert_pretraining, batch<sequences>, tokens<length>> learn;
  loss_pass<tiny_bert, bert_pretraining, batch<sequences>, tokens<length>> scores;
  owned_array<float> gradients(values.size());
  optimizer_state<tiny_bert, adamw> state;
  const adamw optimizer{.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-6, .weight_decay = 0.01};
  const linear_schedule rate{.learning_rate = 2e-3, .warm_up_steps = 10, .steps = steps};
  double worst_loss = 0, worst_part = 0, worst_norm = 0, worst_rate = 0;
  for (index_type step = 0; step < steps; ++step) {
    const batch_of_step given{*made, step};
    token_batch batch = given.tables.view();
    batch.labels = given.labels.data();
    batch.segments = given.segments.data();
    batch.sequence_labels = next_labels.data() + step * sequences;
    set_mean_scales<bert_pretraining>(batch);

    const auto at = static_cast<std::size_t>(step);
    const auto score = *scores.run(values.data(), batch);
    worst_part = std::max({worst_part, std::fabs(score.parts[0].loss - masked_lm_losses[at]),
                           std::fabs(score.parts[1].loss - next_sentence_losses[at])});
    std::fill(gradients.begin(), gradients.end(), 0.0f);
    const double loss = *learn.run(values.data(), gradients.data(), batch);
    const double norm = clip_gradients<float>({gradients.data(), static_cast<std::size_t>(gradients.size())}, 1.0);
    worst_loss = std::max(worst_loss, std::fabs(loss - losses[at]));
    worst_norm = std::max(worst_norm, std::fabs(norm - norms[at]) / norms[at]);
    worst_rate = std::max(worst_rate, std::fabs(rate(step) - rates[at]));
    optimizer_step(optimizer, values, gradients.data(), state, state.next_step(rate(step)));
  }
  CAPTURE(worst_loss, worst_part, worst_norm, worst_rate);
  CHECK(worst_loss <= 2e-5);
  CHECK(worst_part <= 2e-5);
  CHECK(worst_norm <= 1e-4);
  CHECK(worst_rate <= 1e-15);
  CHECK(losses.back() < losses.front() - 1);
}

}  // namespace
}  // namespace typeformer
