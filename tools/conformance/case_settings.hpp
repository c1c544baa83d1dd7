// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/optimizers/adamw.hpp>

namespace typeformer::conformance {

/// The settings of the case's step of AdamW.
struct adamw_step {
  adamw rule{.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .weight_decay = 0.01};
  double learning_rate = 1e-3;
  double steps = 1;
};

/// When generation of a sequence ends, and what follows it.
struct generation_end {
  std::int64_t eos = -1, padding = 0;
};

/// The settings of case.json; if it is absent, those of the reference.
struct case_settings {
  adamw_step adamw;
  generation_end greedy;
};

inline case_settings settings_of(const std::string& folder) {
  case_settings settings;
  const auto json = json_config::open(folder + "/case.json");
  if (!json) return settings;
  const auto number = [&](const char* path, double& value) {
    if (const auto found = json->number(path, value)) value = *found;
  };
  number("adamw.steps", settings.adamw.steps);
  number("adamw.lr", settings.adamw.learning_rate);
  number("adamw.betas.0", settings.adamw.rule.beta1);
  number("adamw.betas.1", settings.adamw.rule.beta2);
  number("adamw.eps", settings.adamw.rule.epsilon);
  number("adamw.weight_decay", settings.adamw.rule.weight_decay);
  if (const auto eos = json->integer("generation.greedy.eos_token_id", -1)) settings.greedy.eos = *eos;
  if (const auto padding = json->integer("generation.greedy.pad_token_id", 0)) settings.greedy.padding = *padding;
  return settings;
}

}  // namespace typeformer::conformance
