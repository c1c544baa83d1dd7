// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include <typeformer/contract/observations.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

/// A value that a walk shows: the one of its kind with this number, counted from 0 in the order of the walk.
struct shown_value {
  observation what{};
  index_type number = 0;
  bool operator==(const shown_value&) const = default;
};

/// Numbers of a value, [rows][width].
struct value_table {
  index_type rows = 0, width = 0;
  std::vector<float> numbers;

  value_table() = default;
  value_table(index_type row_count, index_type column_count)
      : rows{row_count}, width{column_count}, numbers(std::size_t(row_count * column_count)) {}
  explicit value_table(block_view<const float> shown, index_type column_count)
      : rows{shown.rows}, width{column_count}, numbers(shown.data, shown.data + shown.rows * column_count) {}

  std::span<float> row(index_type r) { return std::span{numbers}.subspan(std::size_t(r * width), std::size_t(width)); }
  std::span<const float> row(index_type r) const {
    return std::span{numbers}.subspan(std::size_t(r * width), std::size_t(width));
  }
};

/// Copies of the values that a `forward_pass<M, observing>` shows.
///
/// ```cpp
///   tf::recorded_values values{tf::observation::block_output, tf::observation::attention_probabilities};
///   const auto logits = run.run(ids, values.observer());
///   const tf::value_table& last = values.at({tf::observation::block_output, layers - 1});
/// ```
class recorded_values {
 public:
  recorded_values(std::initializer_list<observation> kinds) {
    for (const observation kind : kinds) wanted_[std::size_t(kind)] = true;
  }

  /// The observer of one run. It forgets the values of the run before, and must not outlive this object.
  auto observer() {
    forget();
    return [this](observation what, loop_place, block_view<const float> rows, index_type width) {
      record(what, rows, width);
    };
  }

  void forget() {
    for (std::vector<value_table>& tables : values_) tables.clear();
  }
  void record(observation what, block_view<const float> rows, index_type width) {
    if (wanted_[std::size_t(what)]) values_[std::size_t(what)].emplace_back(rows, width);
  }

  index_type count(observation what) const { return index_type(values_[std::size_t(what)].size()); }
  /// Precondition: the last run showed this value, and its kind is one of those that are recorded.
  const value_table& at(shown_value value) const {
    TYPEFORMER_PRECONDITION(value.number >= 0 && value.number < count(value.what));
    return values_[std::size_t(value.what)][std::size_t(value.number)];
  }

 private:
  std::array<bool, observation_count> wanted_{};
  std::array<std::vector<value_table>, observation_count> values_;
};

}  // namespace typeformer
