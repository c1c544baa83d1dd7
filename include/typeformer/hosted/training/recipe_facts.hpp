// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/hyper_parameters.hpp>
#include <typeformer/hosted/training/training_recipe.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// A fact about a training run that must be the same when it is resumed, because otherwise its bits would differ.
struct training_fact {
  std::string name, text;
  bool is_of_tensors = false;  ///< a digit for each tensor of the model
};

/// The facts of a recipe for `M` and `Objective` whose batches have the given capacities.
///
/// A learning rate is any function, so it is compared at `samples` steps of the `steps` that were requested, and at the
/// next one. The same holds for the fraction of the average. Settings that only say when to stop or to evaluate may
/// differ.
template <Model M, class Objective, Optimizer O>
std::vector<training_fact> recipe_facts(const training_recipe<O>& recipe, const capacities& reserved, index_type steps,
                                        index_type taken) {
  std::vector<training_fact> facts;
  const auto add = [&](std::string name, std::string text, bool of_tensors = false) {
    facts.push_back({"training." + std::move(name), std::move(text), of_tensors});
  };
  const auto of_tensors = [](const auto& policy) {
    std::string digits;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) { digits += policy(tensor) ? '1' : '0'; });
    return digits;
  };
  std::string objective;
  for (const char* const part : Objective::part_names)
    objective += (objective.empty() ? "" : " + ") + std::string(part);
  add("objective", objective);
  add("type_of_objective", type_text<Objective>());
  add("batch", std::to_string(reserved.batch) + " sequences of " + std::to_string(reserved.tokens) + " tokens");
  add("accumulated_batches", std::to_string(recipe.accumulated_batches));
  add("optimizer", type_text<O>());
  add("hyper_parameters", hyper_parameter_text(recipe.optimizer));
  add("maximum_gradient_norm", exact_text(recipe.maximum_gradient_norm));
  add("decays", of_tensors(recipe.decays), true);
  add("trains", of_tensors(recipe.trains), true);
  add("keeps_an_average", recipe.average ? "yes" : "no");
  constexpr index_type samples = 16;
  const auto add_samples = [&](index_type step) {
    const std::string at = "_of_step_" + std::to_string(step + 1);
    add("learning_rate" + at, exact_text(recipe.learning_rate(step)));
    if (recipe.average) add("average_fraction" + at, exact_text(recipe.average.fraction_of_new(step + 1)));
  };
  index_type last = -1;
  for (index_type i = 0; i < samples; ++i)
    if (const index_type step = steps / samples * i + steps % samples * i / samples; step > last)
      add_samples(last = step);
  if (taken > last) add_samples(taken);
  return facts;
}

}  // namespace typeformer
