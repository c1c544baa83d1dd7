// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/hosted/data/real_example.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/class_rows.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The contents of batches for a model that reads real values.
struct real_batch_layout {
  index_type channels = 0;                       ///< of features; 0: images
  index_type image_values = 0, patches = 0;      ///< of each image
  class_row_layout class_rows{};                 ///< rows that are not read
  index_type outputs = 0, sequence_outputs = 0;  ///< those of the model
  index_type rows_of(const real_example& example) const {
    return channels > 0 ? index_type(example.values.size()) / channels : patches;
  }
};

/// Puts examples into a `token_batch`, one after the other without padding. Positions count from 0 in each. Rows of class
/// tokens have neither label nor targets.
class real_batch_builder {
 public:
  explicit real_batch_builder(const real_batch_layout& layout) : layout_{layout} {}

  void clear() {
    first_row_.assign(1, 0);
    for (auto* const column : {&positions_, &labels_, &sequence_labels_}) column->clear();
    for (auto* const column : {&values_, &targets_, &sequence_targets_}) column->clear();
  }
  /// Precondition: the parts of the example have the sizes of the layout.
  void add(const real_example& example) {
    const index_type rows = layout_.rows_of(example);
    index_type row = 0;
    for (index_type read = 0; read < rows; ++row) {
      const bool is_read = layout_.class_rows.vector_in(row) < 0;
      positions_.push_back(std::int32_t(row));
      add_row(labels_, example.row_labels, is_read ? read : -1, 1, no_label);
      add_row(targets_, example.row_targets, is_read ? read : -1, layout_.outputs, none);
      read += is_read;
    }
    values_.insert(values_.end(), example.values.begin(), example.values.end());
    add_row(sequence_targets_, example.targets, 0, layout_.sequence_outputs, none);
    sequence_labels_.push_back(example.label);
    first_row_.push_back(index_type(positions_.size()));
  }
  /// The examples added since `clear`; valid until something is added, cleared, moved or copied.
  token_batch batch() const {
    token_batch batch;
    batch.sequences = index_type(first_row_.size()) - 1;
    batch.rows = first_row_.back();
    batch.first_row = first_row_.data();
    batch.positions = positions_.data();
    batch.labels = labels_.data();
    batch.sequence_labels = sequence_labels_.data();
    batch.targets = targets_.data();
    batch.sequence_targets = sequence_targets_.data();
    batch.outputs = layout_.outputs;
    batch.sequence_outputs = layout_.sequence_outputs;
    if (layout_.channels > 0) {
      batch.features = values_.data();
      batch.channels = layout_.channels;
      batch.feature_rows = index_type(values_.size()) / layout_.channels;
    } else {
      batch.images = values_.data();
      batch.image_values = layout_.image_values;
    }
    return batch;
  }

 private:
  static constexpr float none = std::numeric_limits<float>::quiet_NaN();

  /// A row of the values, or empty elements if the row is -1 or there are no values.
  template <class T>
  static void add_row(std::vector<T>& to, const std::vector<T>& values, index_type row, index_type width, T nothing) {
    if (values.empty() || row < 0) to.insert(to.end(), std::size_t(width), nothing);
    else to.insert(to.end(), values.begin() + row * width, values.begin() + (row + 1) * width);
  }

  real_batch_layout layout_;
  std::vector<index_type> first_row_{0};
  std::vector<std::int32_t> positions_, labels_, sequence_labels_;
  std::vector<float> values_, targets_, sequence_targets_;
};

}  // namespace typeformer
