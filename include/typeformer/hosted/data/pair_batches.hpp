// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/pair_batch_builder.hpp>
#include <typeformer/hosted/data/random_stream.hpp>
#include <typeformer/hosted/data/seeded_permutation.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

struct pair_batch_options {
  std::uint64_t seed = 0;
  target_ends ends{};
  index_type source_vocabulary = 0;  ///< 0: that of the target
};

/// Pairs of sequences for an encoder-decoder, `Batch` of them without padding: sources of at most `SourceTokens`, and
/// targets of at most `TargetTokens`, including the token before or after them.
///
/// Training batch n is a function of n and the seed alone. Each pair comes once per epoch, in an order that differs
/// between epochs. A batch may hold the end of one epoch and the beginning of the next. Validation goes through its
/// list; the last batch may be smaller.
template <index_type Batch, index_type SourceTokens, index_type TargetTokens>
  requires fits_together<batch_extents<Batch, SourceTokens, TargetTokens>>
class pair_batches {
 public:
  /// Errors: no pairs to train on or to validate with; a source without tokens; a sequence that is too long; a token
  /// outside the vocabulary.
  static result<pair_batches, training_error> of(std::vector<sequence_pair> training,
                                                 std::vector<sequence_pair> validation, index_type vocabulary,
                                                 pair_batch_options options = {}) {
    using problem = training_error::problem;
    for (const std::int32_t id : {options.ends.start, options.ends.end})
      if (id < 0 || id >= vocabulary) return outside("the start or the end of a target", id, vocabulary);
    if (options.source_vocabulary < 0)
      return failure{training_error{problem::bad_option, "expected a source vocabulary of at least 0, found " +
                                                             std::to_string(options.source_vocabulary)}};
    const index_type of_source = options.source_vocabulary > 0 ? options.source_vocabulary : vocabulary;
    if (const auto checked = check(training, "training", of_source, vocabulary); !checked)
      return failure{checked.error()};
    if (const auto checked = check(validation, "validation", of_source, vocabulary); !checked)
      return failure{checked.error()};
    if (training.empty() || validation.empty())
      return failure{training_error{problem::not_enough_data,
                                    "expected pairs to train on and to validate with, found " +
                                        std::to_string(training.size()) + " and " + std::to_string(validation.size())}};
    return pair_batches{std::move(training), std::move(validation), options};
  }

  const std::vector<sequence_pair>& training() const { return training_; }
  const std::vector<sequence_pair>& validation() const { return validation_; }
  /// Training batches that see every pair. The last one is filled up from the next epoch.
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

 private:
  pair_batches(std::vector<sequence_pair> training, std::vector<sequence_pair> validation, pair_batch_options options)
      : training_{std::move(training)}, validation_{std::move(validation)}, rows_{options.ends} {
    philox words = random_stream(options.seed, drawn_for::order);
    const std::uint64_t high = words(), low = words();
    order_seed_ = high << 32 | low;
  }

  static index_type batches_of(const std::vector<sequence_pair>& pairs) {
    return (index_type(pairs.size()) + Batch - 1) / Batch;
  }

  static failure<training_error> outside(const std::string& where, std::int32_t id, index_type vocabulary) {
    return {
        {training_error::problem::outside_vocabulary,
         where + ": expected a token from 0 to " + std::to_string(vocabulary - 1) + ", found " + std::to_string(id)}};
  }
  static result<void, training_error> check(const std::vector<sequence_pair>& pairs, const char* list,
                                            index_type source_vocabulary, index_type vocabulary) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto& [source, target] = pairs[i];
      const std::string where = std::string(list) + " pair " + std::to_string(i);
      if (source.empty() || index_type(source.size()) > SourceTokens || index_type(target.size()) >= TargetTokens)
        return failure{training_error{training_error::problem::bad_option,
                                      where + ": expected a source of 1 to " + std::to_string(SourceTokens) +
                                          " tokens and a target of at most " + std::to_string(TargetTokens - 1) +
                                          ", found " + std::to_string(source.size()) + " and " +
                                          std::to_string(target.size())}};
      for (const std::int32_t id : source)
        if (id < 0 || id >= source_vocabulary) return outside(where, id, source_vocabulary);
      for (const std::int32_t id : target)
        if (id < 0 || id >= vocabulary) return outside(where, id, vocabulary);
    }
    return {};
  }

  std::vector<sequence_pair> training_, validation_;
  std::uint64_t order_seed_ = 0;
  pair_batch_builder rows_;
};

}  // namespace typeformer
