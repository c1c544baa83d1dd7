// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/contract/output_widths.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/real_batch_builder.hpp>
#include <typeformer/hosted/data/shuffled_examples.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

/// Recorded sequences of features, or images, for a model that reads them, `Batch` of them without padding.
/// Order and validation are those of `shuffled_examples`.
template <class M, index_type Batch>
  requires(reads_real_values<M> && fits_together<batch_extents<Batch>>)
class feature_batches : public detail::shuffled_examples<real_example, Batch, real_batch_builder> {
 public:
  /// Errors, naming list and example: nothing to train on or to validate with; values that are not whole rows or an
  /// image; more rows than the context; not as many labels or targets as rows; a value that is not finite. The trainer
  /// checks the ranges of labels and targets.
  static result<feature_batches, training_error> of(std::vector<real_example> training,
                                                    std::vector<real_example> validation, std::uint64_t seed = 0) {
    if (const auto checked = check(training, "training"); !checked) return failure{checked.error()};
    if (const auto checked = check(validation, "validation"); !checked) return failure{checked.error()};
    return feature_batches{std::move(training), std::move(validation), seed, real_batch_builder{layout}};
  }

 private:
  using detail::shuffled_examples<real_example, Batch, real_batch_builder>::shuffled_examples;

  static constexpr real_batch_layout layout{.channels = feature_channels<M>,
                                            .image_values = image_values<M>,
                                            .patches = image_patches<M>,
                                            .class_rows = class_rows_of<M>,
                                            .outputs = token_outputs<M>,
                                            .sequence_outputs = sequence_outputs<M>};

  static failure<training_error> wrong(const std::string& where, const char* what, std::size_t expected,
                                       std::size_t found) {
    return {{training_error::problem::bad_option,
             where + ": expected " + std::to_string(expected) + ' ' + what + ", found " + std::to_string(found)}};
  }
  static result<void, training_error> check(const std::vector<real_example>& examples, const char* list) {
    if (examples.empty())
      return failure{
          training_error{training_error::problem::not_enough_data, std::string("there is no example for ") + list}};
    for (std::size_t i = 0; i < examples.size(); ++i)
      if (const auto checked = check(examples[i], std::string(list) + " example " + std::to_string(i)); !checked)
        return checked;
    return {};
  }
  static result<void, training_error> check(const real_example& example, const std::string& where) {
    constexpr index_type most = reads_images<M> ? layout.patches : M::context - layout.class_rows.count;
    const index_type rows = layout.rows_of(example);
    const std::size_t values = std::size_t(layout.channels > 0 ? rows * layout.channels : layout.image_values);
    if (rows < 1 || rows > most)
      return failure{
          training_error{training_error::problem::bad_option,
                         where + ": expected 1 to " + std::to_string(most) + " rows, found " + std::to_string(rows)}};
    if (example.values.size() != values) return wrong(where, "values", values, example.values.size());
    for (std::size_t v = 0; v < values; ++v)
      if (!is_finite(example.values[v]))
        return failure{training_error{training_error::problem::bad_batch,
                                      where + ": value " + std::to_string(v) + " is not finite"}};
    const std::size_t size = std::size_t(rows), of_rows = size * std::size_t(layout.outputs),
                      of_whole = std::size_t(layout.sequence_outputs);
    if (!example.row_labels.empty() && example.row_labels.size() != size)
      return wrong(where, "labels of rows", size, example.row_labels.size());
    if (!example.row_targets.empty() && example.row_targets.size() != of_rows)
      return wrong(where, "targets of rows", of_rows, example.row_targets.size());
    if (!example.targets.empty() && example.targets.size() != of_whole)
      return wrong(where, "targets", of_whole, example.targets.size());
    return {};
  }
};

}  // namespace typeformer
