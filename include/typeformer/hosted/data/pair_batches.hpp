// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/pair_batch_builder.hpp>
#include <typeformer/hosted/data/shuffled_examples.hpp>
#include <typeformer/hosted/training_error.hpp>

namespace typeformer {

struct pair_batch_options {
  std::uint64_t seed = 0;
  target_ends ends{};
  index_type source_vocabulary = 0;  ///< 0: that of the target
};

/// Pairs of sequences for an encoder-decoder, `Batch` of them without padding: sources of at most `SourceTokens`, and
/// targets of at most `TargetTokens`, including the token before or after them.
/// Order and validation are those of `shuffled_examples`.
template <index_type Batch, index_type SourceTokens, index_type TargetTokens>
  requires fits_together<batch_extents<Batch, SourceTokens, TargetTokens>>
class pair_batches : public detail::shuffled_examples<sequence_pair, Batch, pair_batch_builder> {
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
    return pair_batches{std::move(training), std::move(validation), options.seed, pair_batch_builder{options.ends}};
  }

 private:
  using detail::shuffled_examples<sequence_pair, Batch, pair_batch_builder>::shuffled_examples;

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
};

}  // namespace typeformer
