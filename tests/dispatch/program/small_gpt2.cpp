// SPDX-License-Identifier: BSL-1.0
#include "small_gpt2.hpp"

#include <algorithm>

#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/mapped_weights.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/typeformer.hpp>

namespace {

namespace tf = typeformer;

struct model : tf::gpt2<tf::gpt2_config{.layers = 3, .width = 48, .heads = 4, .vocabulary = 96, .context = 32}> {};

std::string copy_logits(auto&& run, std::span<const std::int32_t> ids, std::span<float> logits) {
  const auto found = run.prefill(ids);
  if (!found) return std::string(found.error().message());
  if (found->size() != logits.size()) return "the model has another vocabulary";
  std::ranges::copy(*found, logits.begin());
  return {};
}

std::string logits(const std::string& file, std::span<const std::int32_t> ids, std::span<float> logits) {
  const auto weights = tf::load<model>(file);
  if (!weights) return weights.error().message();
  return copy_logits(tf::session<model>{*weights}, ids, logits);
}

std::string logits_of_packed(const std::string& file, std::span<const std::int32_t> ids, std::span<float> logits) {
  const auto weights = tf::mapped_weights<model>::open(file);
  if (!weights) return weights.error().message();
  return copy_logits(tf::session<model, tf::reads<tf::mapped_weights<model>>>{*weights}, ids, logits);
}

std::string save_packed(const std::string& file, const std::string& packed) {
  const auto weights = tf::load<model>(file);
  if (!weights) return weights.error().message();
  const auto saved = tf::save_packed(packed, *weights);
  return saved ? std::string() : saved.error().message();
}

}  // namespace

TYPEFORMER_DEFINE_DISPATCHED(small_gpt2) = {
    .logits = logits, .logits_of_packed = logits_of_packed, .save_packed = save_packed};
