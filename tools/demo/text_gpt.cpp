// SPDX-License-Identifier: BSL-1.0
#include <filesystem>
#include <string>

#include "gpt_jobs.hpp"
#include "gpt_pretraining.hpp"

namespace demo {

/// nanoGPT's shape for a CPU: 4 layers, 4 heads, width 128, context 64, 12 windows per batch. 256 characters or bytes.
struct text_gpt : tf::gpt2<tf::gpt2_config{.layers = 4, .width = 128, .heads = 4, .vocabulary = 256, .context = 64}> {
  static constexpr tf::index_type batch = 12;
  static constexpr double learning_rate = 2e-3;
};

tf::result<bool, std::string> pretrain_gpt_on_text(const pretraining_request& request) {
  const auto text = tf::read_text(request.text_file);
  if (!text) return tf::failure{text.error().message()};
  auto vocabulary = tf::character_vocabulary::of(*text);
  if (!vocabulary) return tf::failure{request.text_file + ": " + vocabulary.error().message()};
  if (vocabulary->size() > text_gpt::vocabulary) vocabulary = tf::character_vocabulary::of_bytes();
  const tf::index_type steps = request.steps > 0 ? request.steps : request.quick ? 5 : 1000;
  return detail::pretrain<text_gpt>({std::filesystem::path(request.text_file).filename().string(), *text}, *vocabulary,
                                    request, steps);
}

}  // namespace demo
