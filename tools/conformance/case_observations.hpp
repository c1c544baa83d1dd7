// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

#include "tensors.hpp"

namespace typeformer::conformance {

/// Keeps what a model shows for a full rectangle of tokens [sequences][length].
struct kept_observations {
  tensors* results;
  std::int64_t sequences, length;

  template <class Rows> void keep_tokens(const std::string& name, Rows rows, index_type width) const {
    keep(name, {sequences, length, width}, rows, width);
  }
  template <class Rows> void keep_sequences(const std::string& name, Rows rows, index_type width) const {
    keep(name, {sequences, width}, rows, width);
  }
  /// [row][head][keys of the row's sequence] becomes [sequence][head][query][key]
  template <class Rows> void keep_attention(const std::string& name, Rows rows, index_type heads) const {
    keep_by_head(name, rows, heads, length, 0);
  }
  /// Columns [first, first + heads · width) of [row][…] become [sequence][head][token][width].
  template <class Rows>
  void keep_by_head(const std::string& name, Rows rows, index_type heads, index_type width, index_type first) const {
    tensor& t = (*results)[name];
    t.shape = {sequences, heads, length, width};
    t.numbers.clear();
    for (index_type s = 0; s < sequences; ++s)
      for (index_type h = 0; h < heads; ++h)
        for (index_type i = 0; i < length; ++i) {
          const float* const head = rows[s * length + i] + first + h * width;
          t.numbers.insert(t.numbers.end(), head, head + width);
        }
  }

 private:
  template <class Rows>
  void keep(const std::string& name, std::vector<std::int64_t> shape, Rows rows, index_type width) const {
    tensor& t = (*results)[name];
    t.shape = std::move(shape);
    t.numbers.clear();
    for (index_type r = 0; r < rows.rows; ++r) t.numbers.insert(t.numbers.end(), rows[r], rows[r] + width);
  }
};

}  // namespace typeformer::conformance
