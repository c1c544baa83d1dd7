// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer::laws {

/// Numbers that look random, the same everywhere.
class pseudo_random {
 public:
  explicit pseudo_random(std::uint32_t seed) : state_{seed} {}
  std::uint32_t word() { return (state_ = state_ * 1664525u + 1013904223u) >> 8; }
  double between(double low, double high) { return low + (high - low) * double(word()) / double(1u << 24); }
  std::int32_t below(index n) { return std::int32_t(word() % std::uint32_t(n)); }

 private:
  std::uint32_t state_;
};

template <class Scalar> std::vector<Scalar> random_values(std::int64_t count, std::uint32_t seed = 7) {
  pseudo_random random{seed};
  std::vector<Scalar> values(static_cast<std::size_t>(count));
  for (Scalar& v : values) v = Scalar(random.between(-0.5, 0.5));
  return values;
}

/// A call whose sequences differ in length: the first fills its capacity, each further one is two tokens shorter than
/// the one before (at least one token). The last row of every longer sequence has no label; the loss is a mean.
class ragged_batch {
 public:
  ragged_batch(const capacities& reserved, index vocabulary) {
    pseudo_random random{3};
    first_row_.push_back(0);
    for (index s = 0; s < reserved.batch; ++s) {
      const index length = reserved.tokens > 2 * s ? reserved.tokens - 2 * s : 1;
      for (index i = 0; i < length; ++i) {
        ids_.push_back(random.below(vocabulary));
        positions_.push_back(std::int32_t(i));
        labels_.push_back(i + 1 < length || length == 1 ? random.below(vocabulary) : -100);
      }
      first_row_.push_back(index(ids_.size()));
    }
  }

  token_batch view() const {
    token_batch batch;
    batch.sequences = index(first_row_.size()) - 1;
    batch.rows = first_row_.back();
    batch.first_row = first_row_.data();
    batch.ids = ids_.data();
    batch.positions = positions_.data();
    batch.labels = labels_.data();
    batch.loss_scale =
        1.0 / double(std::count_if(labels_.begin(), labels_.end(), [](auto label) { return label >= 0; }));
    return batch;
  }

 private:
  std::vector<index> first_row_;
  std::vector<std::int32_t> ids_, positions_, labels_;
};

}  // namespace typeformer::laws
