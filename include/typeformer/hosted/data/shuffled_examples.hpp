// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/data/random_stream.hpp>
#include <typeformer/hosted/data/seeded_permutation.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::detail {

/// Batches of two lists of examples, which `Builder` puts into a `token_batch` one by one.
///
/// Training batch n is a function of n and the seed alone. Each example comes once per epoch, in an order that differs
/// between epochs. A batch may hold the end of one epoch and the beginning of the next. Validation goes through its
/// list; the last batch may be smaller.
template <class Example, index_type Batch, class Builder> class shuffled_examples {
 public:
  const std::vector<Example>& training() const { return training_; }
  const std::vector<Example>& validation() const { return validation_; }
  /// Training batches that see every example. The last one is filled up from the next epoch.
  index_type batches_per_epoch() const { return batches_of(training_); }

  token_batch training_batch(std::uint64_t number) {
    const std::uint64_t size = training_.size();
    rows_.clear();
    for (std::uint64_t b = 0; b < std::uint64_t(Batch); ++b) {
      const std::uint64_t i = number * std::uint64_t(Batch) + b;
      const seeded_permutation order{size, order_seed_, i / size};
      rows_.add(training_[static_cast<std::size_t>(order(i % size))]);
    }
    return rows_.batch();
  }

  index_type validation_batches() const { return batches_of(validation_); }
  /// Precondition: 0 <= part < validation_batches().
  token_batch validation_batch(index_type part) {
    TYPEFORMER_PRECONDITION(part >= 0 && part < validation_batches());
    const index_type end = std::min((part + 1) * Batch, index_type(validation_.size()));
    rows_.clear();
    for (index_type i = part * Batch; i < end; ++i) rows_.add(validation_[std::size_t(i)]);
    return rows_.batch();
  }

 protected:
  /// Precondition: neither list is empty.
  shuffled_examples(std::vector<Example> training, std::vector<Example> validation, std::uint64_t seed, Builder builder)
      : training_{std::move(training)}, validation_{std::move(validation)}, rows_{std::move(builder)} {
    philox words = random_stream(seed, drawn_for::order);
    const std::uint64_t high = words(), low = words();
    order_seed_ = high << 32 | low;
  }

 private:
  static index_type batches_of(const std::vector<Example>& examples) {
    return (index_type(examples.size()) + Batch - 1) / Batch;
  }

  std::vector<Example> training_, validation_;
  Builder rows_;
  std::uint64_t order_seed_ = 0;
};

}  // namespace typeformer::detail
