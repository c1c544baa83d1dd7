// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

namespace detail {
template <axis RowsAre, class Output> inline constexpr index_type width_of_rows = 0;
template <axis RowsAre, index_type Width>
inline constexpr index_type width_of_rows<RowsAre, rows<RowsAre, Width>> = Width;
template <axis RowsAre, class Tokens, class Sequences>
inline constexpr index_type width_of_rows<RowsAre, tokens_and_sequences<Tokens, Sequences>> =
    width_of_rows<RowsAre, Tokens> + width_of_rows<RowsAre, Sequences>;
}  // namespace detail

/// Outputs of a model for each token, and for each sequence; 0: none.
template <class M> inline constexpr index_type token_outputs = detail::width_of_rows<axis::token, typename M::output>;
template <class M>
inline constexpr index_type sequence_outputs = detail::width_of_rows<axis::sequence, typename M::output>;

}  // namespace typeformer
