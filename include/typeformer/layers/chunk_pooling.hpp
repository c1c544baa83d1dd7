// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

// What `chunk_pooling` makes of the rows of a chunk.
struct mean_of_rows {
  static constexpr bool needs_input = false;
};
/// The greatest number of each column.
struct maximum_of_rows {
  static constexpr bool needs_input = true;  ///< for the gradient
};
struct first_of_rows {
  static constexpr bool needs_input = false;
};
/// All rows, side by side.
struct all_of_rows {
  static constexpr bool needs_input = false;
};

/// The number of chunks of a sequence.
template <index_type N> struct chunk_count {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// Rows of each chunk.
template <index_type N> struct chunk_rows {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

namespace error {
/// A pooling is `mean_of_rows`, `maximum_of_rows`, `first_of_rows` or `all_of_rows`.
template <class Type, class Layer> struct type_is_no_pooling_of_rows : mismatch {};
}  // namespace error

template <index_type Width, index_type Chunks, index_type Rows, class Pooling> struct chunk_pooling_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index_type Width, index_type Chunks, index_type Rows, class Pooling> struct chunk_pooling_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// y = the mean, the maximum, the first or all rows of each chunk of a sequence, side by side. The first chunk begins with the
/// first valid token, and each has the same number of tokens: the channels of a time series (Nie et al. 2023,
/// arXiv:2211.14730, in its published code).
///
/// x [rows][width], y [sequences][chunks · width], or [chunks · rows of a chunk · width] for all of them. Padding does not count; a chunk without a valid token is 0, as are
/// those that a sequence does not have. Rows of sequences are a mismatch. Cost: width FLOPs per row.
template <class Count, class Rows, class Pooling = mean_of_rows> struct chunk_pooling {
  static constexpr bool is_composition = true;  // no parameters to number
  static constexpr index_type chunks = argument_value<chunk_count<1>, Count>,
                              rows_of_chunk = argument_value<chunk_rows<1>, Rows>;
  using checked_options = both_checks<
      check_arguments<chunk_pooling, expects<chunk_count<1>, Count>, expects<chunk_rows<1>, Rows>>,
      std::conditional_t<std::is_same_v<Pooling, mean_of_rows> || std::is_same_v<Pooling, maximum_of_rows> ||
                             std::is_same_v<Pooling, first_of_rows> || std::is_same_v<Pooling, all_of_rows>,
                         nothing, error::type_is_no_pooling_of_rows<Pooling, chunk_pooling>>>;
  static constexpr index_type delivered = std::is_same_v<Pooling, all_of_rows> ? chunks * rows_of_chunk : chunks;
  template <TokenRows In> using infer = sequence_rows<delivered * In::width>;

  template <class X> struct trace_of {
    ref<sequence_rows<delivered * X::width>> y;
    X x;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto y = c.template make<sequence_rows<delivered * X::width>>();
    c.run(chunk_pooling_operation<X::width, chunks, rows_of_chunk, Pooling>{}, x, out(y));
    c.observe(observation::pooled, y);
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr X walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const X dx = c.template make<typename X::shape>();
    const chunk_pooling_back_operation<X::width, chunks, rows_of_chunk, Pooling> back{};
    if constexpr (Pooling::needs_input) c.run(back, t.x, dy, out(dx));
    else c.run(back, nothing{}, dy, out(dx));
    return dx;
  }
};

}  // namespace typeformer
