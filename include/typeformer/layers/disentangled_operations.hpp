// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/reference/disentangled_attention_call.hpp>

namespace typeformer {

/// Options of a `disentangled_attention`: its projections of queries and keys make those of distances, too; no keys, or
/// no queries, of distances.
struct shared_distance_projections {};
struct without_distance_keys {};
struct without_distance_queries {};

namespace detail {
template <class Vectors> constexpr distance_rows rows_of_vectors() {
  if constexpr (std::is_same_v<Vectors, nothing>) return {};
  else return Vectors::rows_of;
}
}  // namespace detail

/// The static numbers of a disentangled attention: [queries | keys | values] are side by side in one row, and so are
/// [queries | keys | values] of a distance where projections are shared, or else the ones of [queries | keys] that there
/// are. `Vectors` is a `distance_vectors` or `nothing`.
template <index_type Heads, index_type HeadWidth, number Scale, class Vectors, bool Shares, bool HasKeys,
          bool HasQueries>
struct disentangled_numbers {
  static constexpr index_type heads = Heads, head_width = HeadWidth, width = Heads * HeadWidth, row_width = 3 * width;
  static constexpr double scale = Scale.value;
  static constexpr distance_rows rows_of = detail::rows_of_vectors<Vectors>();
  static constexpr index_type distance_count = 2 * rows_of.span();
  static constexpr bool has_distance_keys = HasKeys && !std::is_same_v<Vectors, nothing>,
                        has_distance_queries = HasQueries && !std::is_same_v<Vectors, nothing>,
                        has_distances = has_distance_keys || has_distance_queries;
  static constexpr index_type distance_width =
      Shares ? row_width : width * (index_type(HasKeys) + index_type(HasQueries));
  static constexpr index_type first_distance_key = Shares || HasQueries ? width : 0;

  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    const int products = 2 + int(has_distance_keys) + int(has_distance_queries);
    return 2 * products * sequences * tokens * tokens * width;
  }
};

template <class Numbers> struct project_vectors_operation {
  static constexpr std::int64_t flops(std::int64_t) {
    return 2 * Numbers::distance_count * Numbers::width * Numbers::distance_width;
  }
};
template <class Numbers> struct project_vectors_back_operation {
  static constexpr std::int64_t flops(std::int64_t) {
    return 4 * Numbers::distance_count * Numbers::width * Numbers::distance_width;
  }
};
template <class Numbers> struct disentangled_attention_operation : Numbers {};
template <class Numbers> struct disentangled_probabilities_operation : Numbers {};
template <class Numbers> struct disentangled_attention_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    return 5 * Numbers::flops(sequences, tokens) / 2;
  }
};

}  // namespace typeformer
