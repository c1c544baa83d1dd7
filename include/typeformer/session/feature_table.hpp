// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The features of a session's next call, row by row. Rows of several sequences are copied, so that they are
/// contiguous. Rows of a single sequence are contiguous in the caller's memory and are not copied.
template <index_type Batch, index_type Tokens, index_type Channels> class feature_table {
 public:
  constexpr void clear() { rows_ = 0; }
  constexpr void add(const float* row) {
    std::copy_n(row, Channels, values_.begin() + rows_ * Channels);
    ++rows_;
  }
  constexpr void attach(token_batch& batch) const {
    batch.features = values_.data();
    batch.feature_rows = rows_;
    batch.channels = Channels;
  }

 private:
  std::array<float, std::size_t(Batch* Tokens* Channels)> values_{};
  index_type rows_ = 0;
};

template <index_type Tokens, index_type Channels> class feature_table<1, Tokens, Channels> {
 public:
  constexpr void clear() { rows_ = 0; }
  constexpr void add(const float* row) {
    if (rows_++ == 0) first_ = row;
  }
  constexpr void attach(token_batch& batch) const {
    batch.features = first_;
    batch.feature_rows = rows_;
    batch.channels = Channels;
  }

 private:
  const float* first_ = nullptr;
  index_type rows_ = 0;
};

/// A model that does not read features has no table.
template <index_type Batch, index_type Tokens> class feature_table<Batch, Tokens, 0> {
 public:
  constexpr void clear() {}
  constexpr void attach(token_batch&) const {}
};
template <index_type Tokens> class feature_table<1, Tokens, 0> : public feature_table<2, Tokens, 0> {};

}  // namespace typeformer::inline TYPEFORMER_ISA
