// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/contract/output_widths.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/laws/own_rows.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer::laws {

namespace detail {
class law_features {
 public:
  void attach(token_batch& batch, index_type channels, bool has_class_token) {
    rows_.clear();
    for_each_feature_row(batch, has_class_token, [&](index_type row, index_type feature) {
      for (index_type i = 0; feature >= 0 && i < channels; ++i)
        rows_.push_back(float(value_of_id(batch.ids[row], i, 31)));
    });
    batch.features = rows_.data();
    batch.channels = channels;
    batch.feature_rows = index_type(rows_.size()) / channels;
  }

 private:
  std::vector<float> rows_;
};
}  // namespace detail

/// Features, images and targets of a law's batch, each a function of the ids, so that a relation between the ids of two
/// batches holds for these too. Empty for a walk that is not of a model.
template <class Walk> class real_tables {
 public:
  token_batch attached(token_batch batch) const { return batch; }
};

template <class Walk>
  requires requires { typename Walk::model; }
class real_tables<Walk> {
  using model = typename Walk::model;
  static constexpr index_type channels = feature_channels<model>, image_size = image_values<model>;
  static constexpr index_type outputs = token_outputs<model>, of_sequences = sequence_outputs<model>;

 public:
  /// The batch with these tables, which are valid until the next call. Tokens have targets if they have labels.
  token_batch attached(token_batch batch) {
    if constexpr (channels > 0) features_.attach(batch, channels, has_class_token<model>);
    if constexpr (image_size > 0) add_images(batch);
    targets_.assign(std::size_t(batch.rows * outputs), std::numeric_limits<float>::quiet_NaN());
    sequence_targets_.clear();
    for (index_type row = 0; row < batch.rows; ++row)
      for (index_type i = 0; batch.labels && batch.labels[row] >= 0 && i < outputs; ++i)
        targets_[std::size_t(row * outputs + i)] = value(batch.ids[row], i, 41);
    for (index_type s = 0; s < batch.sequences; ++s)
      for (index_type i = 0; i < of_sequences; ++i) {
        const index_type row = first_valid_row(batch, s);
        sequence_targets_.push_back(value(row < 0 ? 0 : batch.ids[row], i, 43));
      }
    batch.targets = targets_.data();
    batch.outputs = outputs;
    batch.sequence_targets = sequence_targets_.data();
    batch.sequence_outputs = of_sequences;
    batch.target_loss_scale = batch.loss_scale;
    batch.sequence_target_loss_scale = batch.sequence_loss_scale;
    return batch;
  }

 private:
  static float value(std::int32_t id, index_type i, std::uint32_t seed) { return float(value_of_id(id, i, seed)); }
  /// Patch k of an image is a function of its row's id. Patches without a row are 0.
  void add_images(token_batch& batch) {
    using grid = typename model::embedding::grid;
    using image = typename grid::image;
    using patch = typename grid::patch;
    images_.assign(std::size_t(batch.sequences * image_size), 0);
    for_each_patch_row(batch, class_rows_of<model>, [&](index_type s, index_type row, index_type number) {
      if (number < 0 || number >= grid::patches) return;
      for (index_type channel = 0, i = 0; channel < image::channels; ++channel)
        for (index_type line = 0; line < patch::height; ++line)
          for (index_type column = 0; column < patch::width; ++column, ++i)
            images_[std::size_t(s * image_size + grid::offset(number, channel, line) + column * grid::step)] =
                value(batch.ids[row], i, 37);
    });
    batch.images = images_.data();
    batch.image_values = image_size;
  }

  detail::law_features features_;
  std::vector<float> images_, targets_, sequence_targets_;
};

/// The features of a source, of which the same holds.
template <class Walk> class real_tables_of_source {
 public:
  token_batch attached(token_batch batch) {
    if constexpr (requires { typename Walk::model; })
      if constexpr (source_channels<typename Walk::model> > 0)
        features_.attach(batch, source_channels<typename Walk::model>, false);
    return batch;
  }

 private:
  detail::law_features features_;
};

}  // namespace typeformer::laws
