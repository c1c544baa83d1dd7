// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/contract/observations.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

inline constexpr index_type to_the_end = (std::numeric_limits<index_type>::max)();

/// Rows and columns of a value that a walk shows. Head h of `head_outputs` has the columns from h · head width on.
struct value_part {
  shown_value value;
  index_type first_row = 0, rows = to_the_end, first_column = 0, columns = to_the_end;
};

/// Changes that a run makes to its own values: activation patching (Vig et al. 2020, arXiv:2004.12265; Meng et al. 2022,
/// arXiv:2202.05262), ablation, and steering vectors (Turner et al. 2023, arXiv:2308.10248). Path patching (Goldowsky-Dill
/// et al. 2023, arXiv:2304.05969) is two runs: in the first, a sender has its other value, all other heads keep their
/// clean ones, and the receiver's value is recorded; in the second only the receiver has that value.
///
/// ```cpp
///   tf::changed_values changes;
///   changes.copy({.value = {tf::observation::head_outputs, layer}, .first_column = 8, .columns = 8}, clean_heads);
///   const auto logits = run.run(other_ids, changes.observer());
/// ```
class changed_values {
 public:
  /// The part gets the numbers that it has in `from`, a table of the whole value from another run.
  changed_values& copy(const value_part& part, value_table from) { return add({part, kind::copy, std::move(from)}); }
  /// The part gets 0.
  changed_values& clear(const value_part& part) { return add({part, kind::clear, {}}); }
  /// The vector is added to the columns of every row of the part.
  changed_values& add(const value_part& part, std::span<const float> vector) {
    value_table row(1, index_type(vector.size()));
    std::copy(vector.begin(), vector.end(), row.numbers.begin());
    return add({part, kind::add, std::move(row)});
  }

  /// The observer of one run. It must not outlive this object. Where `after` is given, it records the changed values.
  auto observer(recorded_values* after = nullptr) {
    made_ = 0;
    if (after) after->forget();
    return [this, after, numbers = std::array<index_type, observation_count>{}](
               observation what, loop_place, block_view<float> rows, index_type width) mutable {
      const shown_value shown{what, numbers[std::size_t(what)]++};
      for (const change& each : changes_)
        if (each.part.value == shown) make(each, rows, width);
      if (after) after->record(what, {{rows.data, rows.stride}, rows.rows, rows.rows_are}, width);
    };
  }
  /// Whether the last run showed the value of every change.
  bool all_made() const { return made_ == changes_.size(); }

 private:
  enum class kind { copy, clear, add };
  struct change {
    value_part part;
    kind how;
    value_table with;
  };

  changed_values& add(change made) {
    changes_.push_back(std::move(made));
    return *this;
  }
  void make(const change& each, block_view<float> rows, index_type width) {
    const value_part& part = each.part;
    const index_type row_end = (std::min)(rows.rows, part.rows == to_the_end ? to_the_end : part.first_row + part.rows);
    const index_type columns = (std::min)(part.columns, width - part.first_column);
    TYPEFORMER_PRECONDITION(each.how != kind::copy || (each.with.width == width && each.with.rows >= row_end));
    TYPEFORMER_PRECONDITION(each.how != kind::add || each.with.width == columns);
    for (index_type row = part.first_row; row < row_end; ++row) {
      const std::span<float> to{rows[row] + part.first_column, std::size_t(columns)};
      for (std::size_t i = 0; i < to.size(); ++i)
        if (each.how == kind::copy) to[i] = each.with.row(row)[std::size_t(part.first_column) + i];
        else if (each.how == kind::clear) to[i] = 0;
        else to[i] += each.with.numbers[i];
    }
    ++made_;
  }

  std::vector<change> changes_;
  std::size_t made_ = 0;
};

}  // namespace typeformer
