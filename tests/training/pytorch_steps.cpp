// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/session/batch_tables.hpp>

#include "support/catch.hpp"

namespace typeformer {
namespace {

struct tiny_gpt2 : gpt2<gpt2_config{.layers = 3, .width = 48, .heads = 4, .vocabulary = 96, .context = 32}> {};

constexpr index_type steps = 50, sequences = 4, length = 24;

std::vector<double> numbers(const checkpoint_file& file, std::string_view name) {
  const stored_tensor& tensor = *file.find(name);
  std::vector<double> values(tensor.element_count());
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

TEST_CASE("follows PyTorch for 50 training steps") {
  const std::string source = TYPEFORMER_SOURCE_DIR;
  const auto made = checkpoint_file::open(source + "/tests/training/gpt2_steps.safetensors");
  REQUIRE(made);
  auto loaded = load_parameters<tiny_gpt2>(source + "/tests/golden/models/gpt2");
  REQUIRE(loaded);
  parameters<tiny_gpt2>& values = *loaded;
  std::vector<std::int64_t> ids(steps * sequences * (length + 1));
  REQUIRE(read_integers(*made->find("ids"), ids));
  const auto losses = numbers(*made, "losses"), rates = numbers(*made, "learning_rates"),
             norms = numbers(*made, "gradient_norms");

  training_pass<tiny_gpt2, causal_language_model, batch<sequences>, tokens<length>> learn;
  owned_array<float> gradients(values.size());
  optimizer_state<tiny_gpt2, adamw> state;
  const adamw optimizer{.beta1 = 0.9, .beta2 = 0.95, .epsilon = 1e-8, .weight_decay = 0.1};
  double worst_loss = 0, worst_norm = 0;
  for (index_type step = 0; step < steps; ++step) {
    batch_tables<sequences, length> tables;
    std::vector<std::int32_t> labels;
    for (index_type s = 0; s < sequences; ++s) {
      tables.start_sequence(0);
      const std::int64_t* row = ids.data() + (step * sequences + s) * (length + 1);
      for (index_type t = 0; t < length; ++t) {
        tables.add(static_cast<std::int32_t>(row[t]), t);
        labels.push_back(static_cast<std::int32_t>(row[t + 1]));
      }
    }
    token_batch batch = tables.view();
    batch.labels = labels.data();
    batch.loss_scale = 1.0 / (sequences * length);
    std::fill(gradients.begin(), gradients.end(), 0.0f);
    const auto at = static_cast<std::size_t>(step);
    const double loss = *learn.run(values.data(), gradients.data(), batch);
    const double norm = clip_gradients<float>({gradients.data(), static_cast<std::size_t>(gradients.size())}, 1.0);
    worst_loss = std::max(worst_loss, std::fabs(loss - losses[at]));
    worst_norm = std::max(worst_norm, std::fabs(norm - norms[at]) / norms[at]);
    optimizer_step(optimizer, values, gradients.data(), state, state.next_step(rates[at]));
  }
  CAPTURE(worst_loss, worst_norm);
  CHECK(worst_loss <= 1e-4);
  CHECK(worst_norm <= 1e-3);
  CHECK(losses.back() < losses.front() - 1);
}

}  // namespace
}  // namespace typeformer
