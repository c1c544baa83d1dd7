// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/training/detail/check_facts.hpp>
#include <typeformer/hosted/training/detail/checkpoint_numbers.hpp>
#include <typeformer/hosted/training/detail/checkpoint_texts.hpp>
#include <typeformer/hosted/training/recipe_facts.hpp>
#include <typeformer/hosted/training/training_state.hpp>
#include <typeformer/hosted/weights/load.hpp>

namespace typeformer {

/// An opened checkpoint of training: checked piece by piece, then read as a whole.
class resumed_checkpoint {
 public:
  /// Errors: not a `.safetensors` file; not written by training, or by a later version; counts that are invalid.
  TYPEFORMER_RARE static result<resumed_checkpoint, file_error> open(const std::string& path) {
    if (!path.ends_with(".safetensors"))
      return failure{file_error{path, {}, "is no checkpoint of training", "a name that ends in .safetensors", {}}};
    auto file = checkpoint_file::open(path);
    if (!file) return failure{file.error()};
    resumed_checkpoint opened{std::move(*file)};
    const detail::checkpoint_texts texts{opened.file_};
    const std::string_view* const version = texts.find("training.version");
    if (!version)
      return failure{texts.error("is no checkpoint of training", "training.version in its metadata", "none")};
    if (*version != "1") return failure{texts.error("was written by another version", "training.version 1", *version)};
    for (const auto& [name, count] :
         {std::pair{"training.steps", &opened.steps_}, std::pair{"training.steps_asked_for", &opened.steps_asked_for_},
          std::pair{"training.seed", &opened.seed_}, std::pair{"training.last_batch", &opened.last_batch_}}) {
      const auto read = texts.count(name);
      if (!read) return failure{read.error()};
      *count = *read;
    }
    if (auto counts = check_step_counts(path, opened.steps_, opened.steps_asked_for_); !counts)
      return failure{counts.error()};
    return result<resumed_checkpoint, file_error>(std::move(opened));
  }

  index_type steps() const { return index_type(steps_); }
  index_type steps_asked_for() const { return index_type(steps_asked_for_); }

  /// Whether the file holds exactly what the state needs: every tensor, F32 and of the right shape, and no other. It
  /// has an average if, and only if, the run has one.
  template <Model M, Optimizer O> result<void, file_error> check_tensors(const training_state<M, O>& state) const {
    result<void, file_error> checked{};
    std::size_t known = 2;
    const auto check = [&](std::string_view name, const std::vector<std::int64_t>& shape) {
      if (!checked) return;
      ++known;
      const auto tensor = file_.find(name, shape);
      if (!tensor) checked = failure{tensor.error()};
      else if (tensor->dtype != tensor_dtype::f32)
        checked = failure{tensor->error("wrong element type", "F32", name_of(tensor->dtype))};
    };
    for (const file_tensor& tensor : file_tensors_of(layout_of<M>, file_names_of<M>()))
      check(tensor.name, tensor.shape());
    for_each_moment<M, O>(state,
                          [&](const std::string& name, const auto& shape, const float*, bool) { check(name, shape); });
    if (!checked) return checked;
    for (const auto& [name, rank] : {std::pair{"training.evaluations", 2}, std::pair{"training.last_losses", 1}}) {
      const stored_tensor* const tensor = file_.find(name);
      if (!tensor) return failure{texts().error(std::string(name) + " is missing", "a tensor", "none")};
      if (tensor->dtype != tensor_dtype::f64)
        return failure{tensor->error("wrong element type", "F64", name_of(tensor->dtype))};
      if (index_type(tensor->shape.size()) != rank || (rank == 2 && tensor->shape[1] != 2))
        return failure{tensor->error("wrong shape", rank == 2 ? "[n, 2]" : "[n]", shape_text(tensor->shape))};
    }
    if (auto read = detail::check_evaluated_steps(*file_.find("training.evaluations"), steps_); !read) return read;
    if (file_.tensors().size() != known) return superfluous<M, O>(state);
    return {};
  }

  /// Reads everything. Precondition: `check_tensors` found nothing wrong.
  ///
  /// Errors, after which a part is read: a number that is not finite or a mean of squares below 0; a file that was
  /// shortened meanwhile.
  template <Model M, Optimizer O> result<void, file_error> read(training_state<M, O>& state) const {
    auto last_losses = detail::finite_doubles(*file_.find("training.last_losses"));
    if (!last_losses) return failure{last_losses.error()};
    const auto evaluations = detail::finite_doubles(*file_.find("training.evaluations"));
    if (!evaluations) return failure{evaluations.error()};
    std::vector<evaluated_step> evaluated;
    for (std::size_t i = 0; i < evaluations->size(); i += 2)
      evaluated.push_back({std::int64_t((*evaluations)[i]), (*evaluations)[i + 1]});
    const auto names = file_names_of<M>();
    auto done = read_checkpoint(file_, file_tensors_of(layout_of<M>, names), names, state.values.data());
    for_each_moment<M, O>(state, [&](const std::string& name, const auto&, float* data, bool squares) {
      const stored_tensor& tensor = *file_.find(name);
      const std::span values(data, tensor.element_count());
      if (done) done = read_floats(tensor, values);
      if (done) done = detail::check_finite(tensor, 0, values);
      if (done && squares) done = detail::check_not_negative(tensor, values);
    });
    if (!done) return done;
    state.optimizer.set_steps(std::int64_t(steps_));
    state.seed = seed_;
    state.last_batch = last_batch_;
    state.last_losses = std::move(*last_losses);
    state.evaluations = std::move(evaluated);
    return {};
  }

  /// Reads everything into a state after all checks. Errors, which change nothing: those of the checks and of `read`,
  /// no memory for a second state.
  template <Model M, Optimizer O>
  result<void, file_error> read_whole(training_state<M, O>& state, const std::vector<training_fact>& facts,
                                      index_type accumulated_batches) const {
    if (auto same = detail::check_facts<M>(texts(), facts); !same) return same;
    if (steps() >= std::numeric_limits<index_type>::max() / accumulated_batches)
      return failure{texts().error("training.steps is too large", "a number of batches", std::to_string(steps_))};
    if (auto whole = check_tensors(state); !whole) return whole;
    training_state<M, O> made = state.like_this();
    if (!made.available()) return failure{texts().error("no memory for a second state", {}, {})};
    if (auto done = read(made); !done) return done;
    state = std::move(made);
    return {};
  }

 private:
  explicit resumed_checkpoint(checkpoint_file file) : file_{std::move(file)} {}

  detail::checkpoint_texts texts() const { return detail::checkpoint_texts{file_}; }

  template <Model M, Optimizer O> result<void, file_error> superfluous(const training_state<M, O>& state) const {
    std::vector<std::string> names{"training.evaluations", "training.last_losses"};
    for (const file_tensor& tensor : file_tensors_of(layout_of<M>, file_names_of<M>())) names.push_back(tensor.name);
    for_each_moment<M, O>(state,
                          [&](const std::string& name, const auto&, const float*, bool) { names.push_back(name); });
    for (const stored_tensor& tensor : file_.tensors()) {
      bool known = false;
      for (const std::string& name : names) known = known || tensor.name == name;
      if (!known) return failure{tensor.error("the run has no such tensor", {}, shape_text(tensor.shape))};
    }
    return {};
  }

  checkpoint_file file_;
  std::uint64_t steps_ = 0, steps_asked_for_ = 0, seed_ = 0, last_batch_ = 0;
};

}  // namespace typeformer
