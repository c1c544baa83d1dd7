// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/safetensors_writer.hpp>
#include <typeformer/hosted/training/recipe_facts.hpp>
#include <typeformer/hosted/training/training_state.hpp>
#include <typeformer/hosted/weights/in_file_order.hpp>
#include <typeformer/hosted/weights/load.hpp>

namespace typeformer {

/// Writes the state of a training run to one safetensors file, which replaces `path` once it is on the disk.
///
/// The values have the names and layouts of the model's Hugging Face files. `training.state.<i>.<tensor>`,
/// `training.compact_state` and `training.average.<tensor>` have the layout of the parameters. `training.memory` is a
/// training pass's memory of earlier segments. Counts and `facts` are metadata. Errors: a name that does not end in
/// `.safetensors`, counts below 0 or beyond `check_step_counts`, those of `write_safetensors`. Needs a second copy of
/// the parameters while it writes.
template <Model M, Optimizer O>
result<void, file_error> write_training_checkpoint(const std::string& path, const training_state<M, O>& state,
                                                   index_type steps_asked_for,
                                                   const std::vector<training_fact>& facts) {
  if (!path.ends_with(".safetensors"))
    return failure{file_error{path, {}, "a checkpoint needs another name", "one that ends in .safetensors", {}}};
  if (auto counts = check_step_counts(path, std::uint64_t(state.optimizer.steps()), std::uint64_t(steps_asked_for));
      !counts)
    return counts;
  struct entry {
    std::string name;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
    tensor_dtype dtype = tensor_dtype::f32;
  };
  const std::vector<file_tensor> values = file_tensors_of(layout_of<M>, file_names_of<M>());
  std::vector<std::vector<float>> in_file;
  std::vector<entry> entries;
  in_file.reserve(values.size());
  for (const file_tensor& tensor : values) {
    in_file.push_back(in_file_order(tensor, state.values.data()));
    entries.push_back({tensor.name, tensor.shape(), std::as_bytes(std::span(in_file.back()))});
  }
  for_each_moment<M, O>(state, [&](std::string name, std::vector<std::int64_t> shape, const float* data, bool) {
    std::size_t size = 1;
    for (const std::int64_t extent : shape) size *= std::size_t(extent);
    entries.push_back({std::move(name), std::move(shape), std::as_bytes(std::span(data, size))});
  });
  std::vector<double> evaluations;
  for (const evaluated_step& e : state.evaluations) {
    evaluations.push_back(double(e.step));
    evaluations.push_back(e.validation_loss);
  }
  entries.push_back({"training.evaluations",
                     {std::int64_t(state.evaluations.size()), 2},
                     std::as_bytes(std::span(evaluations)),
                     tensor_dtype::f64});
  entries.push_back({"training.last_losses",
                     {std::int64_t(state.last_losses.size())},
                     std::as_bytes(std::span(state.last_losses)),
                     tensor_dtype::f64});

  std::vector<tensor_to_write> written;
  for (const entry& e : entries) written.push_back({e.name, e.dtype, e.shape, e.bytes});
  const std::pair<std::string_view, std::string> counts[] = {
      {"training.version", "1"},
      {"training.steps", std::to_string(state.optimizer.steps())},
      {"training.steps_asked_for", std::to_string(steps_asked_for)},
      {"training.seed", std::to_string(state.seed)},
      {"training.last_batch", std::to_string(state.last_batch)}};
  std::vector<std::pair<std::string_view, std::string_view>> texts{{"format", "pt"}};
  for (const auto& [name, text] : counts) texts.push_back({name, text});
  for (const training_fact& fact : facts) texts.push_back({fact.name, fact.text});
  return write_safetensors(path, written, texts);
}

}  // namespace typeformer
