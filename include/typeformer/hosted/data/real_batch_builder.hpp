// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/hosted/data/real_example.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The contents of batches for a model that reads real values.
struct real_batch_layout {
  index_type channels = 0;                      ///< of features; 0: images
  index_type image_values = 0, image_rows = 0;  ///< rows without the class token
  bool has_class_token = false;
  index_type outputs = 0, sequence_outputs = 0;  ///< those of the model
  index_type rows_of(const real_example& example) const {
    return channels > 0 ? index_type(example.values.size()) / channels : image_rows;
  }
};

/// Puts examples into a `token_batch`, one after the other without padding. Positions count from 0 in each. The first
/// row is the class token, if there is one; it has neither label nor targets.
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
    const index_type rows = layout_.rows_of(example), extra = layout_.has_class_token ? 1 : 0;
    for (index_type i = 0; i < rows + extra; ++i) positions_.push_back(std::int32_t(i));
    add_all(values_, example.values, 0, example.values.size(), 0.0f);
    add_all(labels_, example.row_labels, std::size_t(extra), std::size_t(rows), no_label);
    add_all(targets_, example.row_targets, std::size_t(extra * layout_.outputs), std::size_t(rows * layout_.outputs),
            none);
    add_all(sequence_targets_, example.targets, 0, std::size_t(layout_.sequence_outputs), none);
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

  /// `before` empty elements, then the values, or empty elements in their place.
  template <class T>
  static void add_all(std::vector<T>& to, const std::vector<T>& values, std::size_t before, std::size_t size,
                      T nothing) {
    to.insert(to.end(), before, nothing);
    if (values.empty()) to.insert(to.end(), size, nothing);
    else to.insert(to.end(), values.begin(), values.end());
  }

  real_batch_layout layout_;
  std::vector<index_type> first_row_{0};
  std::vector<std::int32_t> positions_, labels_, sequence_labels_;
  std::vector<float> values_, targets_, sequence_targets_;
};

}  // namespace typeformer
