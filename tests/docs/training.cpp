// SPDX-License-Identifier: BSL-1.0
// The code of docs/training.md, compiled and never run.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <typeformer/hosted/training/checkpoint_keeper.hpp>
// clang-format off
#include <typeformer/hosted/data/causal_windows.hpp>
#include <typeformer/hosted/training/progress_display.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/optimizers/adamw.hpp>
namespace tf = typeformer;

struct my_gpt : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 64, .heads = 2, .vocabulary = 96, .context = 64}> {};

bool trains(const std::vector<std::int32_t>& token_ids, std::uint64_t seed);
bool trains(const std::vector<std::int32_t>& token_ids, std::uint64_t seed) {
  auto data = tf::causal_windows<8, 64>::of(token_ids, my_gpt::vocabulary, seed);     // the last tenth is for validation
  tf::trainer<my_gpt, tf::causal_language_model, tf::adamw, tf::batch<8>, tf::tokens<64>> train{{.steps = 500}};
  train.initialize(seed);
  auto summary = train.run(*data, tf::progress_display{});                            // any number of observers
  return bool(summary);
}

bool report(const std::string& message);
bool resumes(const std::vector<std::int32_t>& token_ids, std::uint64_t seed, const std::string& folder);
bool resumes(const std::vector<std::int32_t>& token_ids, std::uint64_t seed, const std::string& folder) {
  auto data = tf::causal_windows<8, 64>::of(token_ids, my_gpt::vocabulary, seed);
  tf::trainer<my_gpt, tf::causal_language_model, tf::adamw, tf::batch<8>, tf::tokens<64>> train{{.steps = 500}};
  tf::checkpoint_keeper keeper{folder + "/model.safetensors", {}, 100};
  if (!std::filesystem::exists(keeper.checkpoint_path())) train.initialize(seed);
  else if (auto resumed = train.resume(keeper.checkpoint_path()); !resumed) return report(resumed.error().message());
  auto summary = train.run(*data, keeper);
  return bool(summary);
}
