// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/real_batches.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer::detail {

/// Rows of the class token before `length` new rows of a sequence: one at the beginning of the sequence, otherwise
/// none.
template <class M> constexpr index_type class_rows_before(index_type cached, index_type length) {
  return has_class_token<M> && cached == 0 && length > 0 ? 1 : 0;
}

/// Whether a session of `M` can take these rows after its cached tokens.
template <class M>
constexpr result<void, inference_error> check_features(const ragged_features& prompts,
                                                       std::span<const index_type> cached, const capacities& reserved,
                                                       bool has_memory) {
  using problem = inference_error::problem;
  if (!has_memory) return rejected(problem::no_memory, 0, 0, 0);
  if (index_type(prompts.lengths.size()) > reserved.batch)
    return rejected(problem::too_many_sequences, 0, prompts.lengths.size(), reserved.batch);
  index_type all = 0;
  for (std::size_t s = 0; s < prompts.lengths.size(); ++s) {
    const index_type length = detail::countable_rows(prompts.lengths[s], prompts.rows.size());
    if (length < 0) return rejected(problem::negative_length, index_type(s), length, 0);
    const index_type after = cached[s] + class_rows_before<M>(cached[s], length) + length;
    if (!drops_the_oldest(reserved) && after > reserved.context)
      return rejected(problem::context_is_full, index_type(s), after, reserved.context);
    all += length;
  }
  if (index_type(prompts.rows.size()) != all * feature_channels<M>)
    return rejected(problem::values_do_not_fill_rows, 0, prompts.rows.size(), all * feature_channels<M>);
  if (all == 0) return rejected(problem::no_tokens, 0, 0, 1);
  return {};
}

/// The new tokens of each sequence of a session: its rows of features, after a class token if the sequence begins.
/// Precondition: `check_features`.
template <class M, index_type Batch> class feature_prompts {
 public:
  constexpr feature_prompts(const ragged_features& prompts, std::span<const index_type> cached) {
    const float* rows = prompts.rows.data();
    for (const index_type length : prompts.lengths) {
      rows_[count_] = rows;
      rows += length * feature_channels<M>;
      class_rows_[count_] = class_rows_before<M>(cached[count_], length);
      sizes_[count_] = class_rows_[count_] + length;
      ++count_;
    }
  }
  constexpr std::size_t count() const { return count_; }
  /// The number of new tokens of all sequences.
  constexpr index_type sizes() const {
    index_type sum = 0;
    for (const index_type size : sizes_) sum += size;
    return sum;
  }
  constexpr index_type size(std::size_t s) const { return sizes_[s]; }
  /// The features of the i-th new token; null if it is a class token.
  constexpr const float* features(std::size_t s, index_type i) const {
    return i < class_rows_[s] ? nullptr : rows_[s] + (i - class_rows_[s]) * feature_channels<M>;
  }

 private:
  std::array<const float*, std::size_t(Batch)> rows_{};
  std::array<index_type, std::size_t(Batch)> class_rows_{}, sizes_{};
  std::size_t count_ = 0;
};

}  // namespace typeformer::detail
