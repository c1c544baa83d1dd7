// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/weights/in_file_order.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/session/batch_tables.hpp>

#include "case_settings.hpp"
#include "tensors.hpp"

namespace typeformer::conformance {

/// Adds the sequences of a full rectangle [Batch][Length] to tables.
template <index_type Batch, index_type Length>
void fill_tables(batch_tables<Batch, Length>& tables, const std::vector<std::int32_t>& ids,
                 const std::vector<std::int32_t>& positions = {}) {
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const auto place = static_cast<std::int32_t>(row % Length);
    if (place == 0) tables.start_sequence(0);
    tables.add(ids[row], positions.empty() ? place : positions[row]);
  }
}

/// The name of a tensor in the case's file, which may omit the prefix of the stack.
template <Model M> std::string name_in_case(const checkpoint_file& given, const std::string& name) {
  const std::string prefix = file_names_of<M>().optional_prefix;
  if (prefix.empty() || !name.starts_with(prefix) || given.find("grad." + name)) return name;
  return given.find("grad." + name.substr(prefix.size())) ? name.substr(prefix.size()) : name;
}

/// The loss, the gradient of every tensor by its name in the file, and those tensors after one step of AdamW that the
/// case holds. Only the scales of the batch are set here.
template <Model M, class Objective, index_type Batch, index_type Length>
void keep_training_step(const checkpoint_file& given, const parameters<M>& start, token_batch batch_of_case,
                        const adamw_step& step, tensors& results) {
  set_mean_scales<Objective>(batch_of_case);
  owned_array<float> gradients(start.size());
  training_pass<M, Objective, batch<Batch>, typeformer::tokens<Length>> learn;
  results["loss"] = {{}, {*learn.run(start.data(), gradients.data(), batch_of_case)}, {}, {}};
  const auto file_tensors = file_tensors_of(layout_of<M>, file_names_of<M>());
  for (const file_tensor& t : file_tensors)
    results["grad." + name_in_case<M>(given, t.name)] = {t.shape(), in_file_order(t, gradients.data()), {}, {}};

  parameters<M> after;
  std::copy_n(start.data(), start.size(), after.data());
  optimizer_state<M, adamw> state;
  optimizer_step(step.rule, after, gradients.data(), state, state.next_step(step.learning_rate), decays_everything{});
  for (const file_tensor& t : file_tensors)
    if (given.find("adamw." + t.name)) results["adamw." + t.name] = {t.shape(), in_file_order(t, after.data()), {}, {}};
}

}  // namespace typeformer::conformance
