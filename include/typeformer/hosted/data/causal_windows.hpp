// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/split_tokens.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// Windows of a token sequence whose labels are the next tokens: the data of a causal language model.
///
/// The last part of the sequence is kept for validation. Training batch n holds `Batch` windows of `Tokens` tokens at
/// places drawn from (seed, n). Validation goes through its whole part in adjacent windows, of which the last may be
/// shorter. Every token of the part but the first is predicted once.
template <index_type Batch, index_type Tokens>
  requires fits_together<batch_extents<Batch, Tokens>>
class causal_windows {
 public:
  /// Error: a part is too short to hold one window and its last label, or an id is negative or not below `vocabulary`.
  static result<causal_windows, training_error> of(std::vector<std::int32_t> tokens, index_type vocabulary,
                                                   std::uint64_t seed, double validation_fraction = 0.1) {
    auto text = split_tokens::of(std::move(tokens), vocabulary, validation_fraction, Tokens + 1);
    if (!text) return failure{text.error()};
    causal_windows windows;
    windows.text_ = std::move(*text);
    windows.seed_ = seed;
    return result<causal_windows, training_error>(std::move(windows));
  }

  std::span<const std::int32_t> training() const { return text_.training(); }
  std::span<const std::int32_t> validation() const { return text_.validation(); }

  token_batch training_batch(std::uint64_t number) {
    philox generator{seed_, number};
    const std::uint64_t places = training().size() - std::size_t(Tokens);
    clear();
    for (index_type b = 0; b < Batch; ++b) add(training().subspan(place_below(places, generator)), Tokens);
    return view();
  }

  index_type validation_batches() const { return (windows_of_validation() + Batch - 1) / Batch; }
  /// Precondition: 0 <= part < validation_batches().
  token_batch validation_batch(index_type part) {
    TYPEFORMER_PRECONDITION(part >= 0 && part < validation_batches());
    clear();
    for (index_type w = part * Batch; w < std::min((part + 1) * Batch, windows_of_validation()); ++w)
      add(validation().subspan(std::size_t(w * Tokens)), Tokens);
    return view();
  }

 private:
  index_type windows_of_validation() const { return (index_type(validation().size()) - 1 + Tokens - 1) / Tokens; }

  static std::size_t place_below(std::uint64_t places, philox& generator) {
    const std::uint64_t high = generator(), low = generator();
    return std::size_t(((high << 32) | low) % places);  // the bias is below places / 2^64
  }

  void clear() { sequences_ = 0; }
  void add(std::span<const std::int32_t> from, index_type most) {
    const index_type count = std::min(most, index_type(from.size()) - 1);
    const index_type first = first_row_[std::size_t(sequences_)];
    for (index_type i = 0; i < count; ++i) {
      ids_[std::size_t(first + i)] = from[std::size_t(i)];
      labels_[std::size_t(first + i)] = from[std::size_t(i + 1)];
      positions_[std::size_t(first + i)] = std::int32_t(i);
    }
    first_row_[std::size_t(++sequences_)] = first + count;
  }
  token_batch view() const {
    token_batch batch;
    batch.sequences = sequences_;
    batch.rows = first_row_[std::size_t(sequences_)];
    batch.first_row = first_row_.data();
    batch.ids = ids_.data();
    batch.positions = positions_.data();
    batch.labels = labels_.data();
    return batch;
  }

  split_tokens text_;
  std::uint64_t seed_ = 0;
  index_type sequences_ = 0;
  std::vector<index_type> first_row_ = std::vector<index_type>(std::size_t(Batch) + 1);
  std::vector<std::int32_t> ids_ = std::vector<std::int32_t>(std::size_t(Batch * Tokens)), positions_ = ids_,
                            labels_ = ids_;
};

}  // namespace typeformer
