// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The arrays behind a `token_batch`, filled sequence by sequence; segments only for models that tell them apart.
template <index_type Batch, index_type Tokens, bool HasSegments = false> class batch_tables {
 public:
  constexpr void clear() { sequences_ = 0; }

  /// Starts a sequence of which `past` tokens are remembered.
  constexpr void start_sequence(index_type past) {
    past_[std::size_t(sequences_)] = past;
    first_row_[std::size_t(sequences_) + 1] = first_row_[std::size_t(sequences_)];
    ++sequences_;
  }
  /// Adds a token to the sequence started last.
  constexpr void add(std::int32_t id, index_type position, std::int32_t segment = 0) {
    index_type& end = first_row_[std::size_t(sequences_)];
    ids_[std::size_t(end)] = id;
    positions_[std::size_t(end)] = std::int32_t(position);
    if constexpr (HasSegments) segments_[std::size_t(end)] = segment;
    ++end;
  }

  constexpr token_batch view() const {
    token_batch batch;
    batch.sequences = sequences_;
    batch.rows = first_row_[std::size_t(sequences_)];
    batch.first_row = first_row_.data();
    batch.past = past_.data();
    batch.ids = ids_.data();
    batch.positions = positions_.data();
    if constexpr (HasSegments) batch.segments = segments_.data();
    return batch;
  }

 private:
  std::array<index_type, std::size_t(Batch) + 1> first_row_{};
  std::array<index_type, std::size_t(Batch)> past_{};
  std::array<std::int32_t, std::size_t(Batch* Tokens)> ids_{}, positions_{};
  [[no_unique_address]] std::conditional_t<HasSegments, std::array<std::int32_t, std::size_t(Batch* Tokens)>, nothing>
      segments_{};
  index_type sequences_ = 0;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
