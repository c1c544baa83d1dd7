// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

/// The sizes of the real-valued tables of a `token_batch`; 0: they are not read.
struct real_limits {
  index_type channels = 0, image_values = 0, image_rows = 0;
  bool has_class_token = false;
  index_type outputs = 0, sequence_outputs = 0;

  constexpr bool reads_ids() const { return channels == 0 && image_values == 0; }
};

namespace detail {

/// Checks features, images and targets of a batch whose rows are already checked.
class real_check {
 public:
  using problem = batch_error::problem;

  constexpr real_check(const token_batch& batch, const real_limits& limits, bool is_source)
      : batch_{batch}, limits_{limits}, is_source_{is_source} {}

  constexpr result<void, batch_error> run() {
    if (batch_.rows > 0) {
      if (limits_.channels > 0) check_features();
      if (limits_.image_values > 0) check_images();
      if (limits_.outputs > 0) check_targets(batch_.targets, batch_.rows, batch_.outputs, limits_.outputs, false);
      if (limits_.sequence_outputs > 0)
        check_targets(batch_.sequence_targets, batch_.sequences, batch_.sequence_outputs, limits_.sequence_outputs,
                      true);
    }
    if (!ok_) return failure{error_};
    return {};
  }

 private:
  constexpr void fail(problem what, index_type sequence = -1, index_type row = -1, index_type got = 0,
                      index_type expected = 0) {
    if (!ok_) return;
    error_ = {what, is_source_, sequence, row, got, expected, expected};
    if (expected == 0) error_.highest = -1;
    ok_ = false;
  }
  constexpr index_type sequence_of(index_type row) const {
    index_type s = 0;
    while (batch_.first_row[s + 1] <= row) ++s;
    return s;
  }
  constexpr void check_features() {
    const index_type needed = feature_rows_of(batch_, limits_.has_class_token);
    if (needed == 0) return;  // class tokens alone
    if (!batch_.features) return fail(problem::table_is_missing);
    if (batch_.channels != limits_.channels)
      return fail(problem::features_do_not_fit, -1, -1, batch_.channels, limits_.channels);
    if (batch_.feature_rows != needed) return fail(problem::features_do_not_fit, -1, -1, batch_.feature_rows, needed);
    for_each_feature_row(batch_, limits_.has_class_token, [&](index_type row, index_type feature) {
      for (index_type i = 0; ok_ && feature >= 0 && i < limits_.channels; ++i)
        if (!is_finite(batch_.features[feature * limits_.channels + i]))
          fail(problem::input_is_not_finite, sequence_of(row), row);
    });
  }
  constexpr void check_images() {
    const index_type needed = limits_.image_rows;
    if (!batch_.images) return fail(problem::table_is_missing);
    if (batch_.image_values != limits_.image_values)
      return fail(problem::images_do_not_fit, -1, -1, batch_.image_values, limits_.image_values);
    for (index_type s = 0; ok_ && s < batch_.sequences; ++s) {
      const index_type valid = valid_rows_of(s);
      if (valid != needed) fail(problem::rows_are_no_patches, s, -1, valid, needed);
      for (index_type i = 0; ok_ && i < limits_.image_values; ++i)
        if (!is_finite(batch_.images[s * limits_.image_values + i])) fail(problem::input_is_not_finite, s);
    }
  }
  constexpr index_type valid_rows_of(index_type s) const {
    const auto* const flags = batch_.valid_of(s);
    index_type count = 0;
    for (index_type i = 0; i < batch_.rows_of(s); ++i) count += !flags || flags[i];
    return count;
  }
  constexpr void check_targets(const float* targets, index_type rows, index_type outputs, index_type needed,
                               bool of_sequences) {
    if (!targets) return fail(problem::table_is_missing);
    if (outputs != needed) return fail(problem::targets_do_not_fit, -1, -1, outputs, needed);
    for (index_type row = 0; ok_ && row < rows; ++row) {
      const float* const of_row = targets + row * outputs;
      if (is_nan(of_row[0])) continue;  // none
      for (index_type i = 0; ok_ && i < outputs; ++i)
        if (!is_finite(of_row[i]))
          fail(problem::target_is_not_finite, of_sequences ? row : sequence_of(row), of_sequences ? -1 : row);
    }
  }

  const token_batch& batch_;
  const real_limits& limits_;
  bool is_source_, ok_ = true;
  batch_error error_{};
};

}  // namespace detail

}  // namespace typeformer
