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

/// What a model reads for each token. A batch has an array for each of these. The flags are for callers that hold none.
struct batch_columns {
  bool ids = true, segments = false, flags = false;
};

/// The arrays behind a `token_batch`, filled sequence by sequence.
template <index_type Batch, index_type Tokens, batch_columns Has = batch_columns{}> class batch_tables {
 public:
  constexpr void clear() { sequences_ = 0; }

  /// Starts a sequence that has `past` cached tokens.
  constexpr void start_sequence(index_type past) {
    past_[std::size_t(sequences_)] = past;
    first_row_[std::size_t(sequences_) + 1] = first_row_[std::size_t(sequences_)];
    ++sequences_;
  }
  /// Adds a token to the last sequence that was started.
  constexpr void add(std::int32_t id, index_type position, std::int32_t segment = 0, bool valid = true) {
    index_type& end = first_row_[std::size_t(sequences_)];
    if constexpr (Has.ids) ids_[std::size_t(end)] = id;
    positions_[std::size_t(end)] = std::int32_t(position);
    if constexpr (Has.segments) segments_[std::size_t(end)] = segment;
    if constexpr (Has.flags) flags_[std::size_t(end)] = valid;
    ++end;
  }

  constexpr token_batch view() const {
    token_batch batch;
    batch.sequences = sequences_;
    batch.rows = first_row_[std::size_t(sequences_)];
    batch.first_row = first_row_.data();
    batch.past = past_.data();
    if constexpr (Has.ids) batch.ids = ids_.data();
    batch.positions = positions_.data();
    if constexpr (Has.segments) batch.segments = segments_.data();
    return batch;
  }
  /// The flags of valid tokens, in sequence; all are valid if no flag was given.
  constexpr const std::uint8_t* flags() const
    requires(Has.flags)
  {
    return flags_.data();
  }

 private:
  template <class Element, bool IsThere>
  using column = std::conditional_t<IsThere, std::array<Element, std::size_t(Batch* Tokens)>, nothing>;

  std::array<index_type, std::size_t(Batch) + 1> first_row_{};
  std::array<index_type, std::size_t(Batch)> past_{};
  std::array<std::int32_t, std::size_t(Batch* Tokens)> positions_{};
  [[no_unique_address]] column<std::int32_t, Has.ids> ids_{};
  [[no_unique_address]] column<std::int32_t, Has.segments> segments_{};
  [[no_unique_address]] column<std::uint8_t, Has.flags> flags_{};
  index_type sequences_ = 0;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
