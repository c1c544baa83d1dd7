// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>

namespace typeformer {

/// The attention probabilities of one layer for one text, as `forward_pass<M, observing>` shows them.
class attention_map {
 public:
  /// Preconditions: a recorded `attention_probabilities`, of a run of one text, in a model with so many heads. The table
  /// must outlive the map.
  attention_map(const value_table& shown, index_type heads) : shown_{shown}, heads_{heads} {
    TYPEFORMER_PRECONDITION(heads > 0 && shown.width >= heads * shown.rows);
  }
  index_type heads() const { return heads_; }
  index_type tokens() const { return shown_.rows; }
  /// How much token `query` reads of token `key`.
  double operator()(index_type head, index_type query, index_type key) const {
    return double(shown_.row(query)[std::size_t(head * tokens() + key)]);
  }

 private:
  const value_table& shown_;
  index_type heads_;
};

/// The mean probability that a head gives to the token `distance` before the query, from query `first` on.
inline double score_at_distance(const attention_map& map, index_type head, index_type distance, index_type first) {
  TYPEFORMER_PRECONDITION(distance >= 0 && first >= distance && first < map.tokens());
  double sum = 0;
  for (index_type query = first; query < map.tokens(); ++query) sum += map(head, query, query - distance);
  return sum / double(map.tokens() - first);
}

/// The mean probability of the token before the query: 1 for a head that reads nothing else.
inline double previous_token_score(const attention_map& map, index_type head) {
  return score_at_distance(map, head, 1, 1);
}

/// For a text that repeats itself after `period` tokens, from its first token on: the mean probability of the token
/// behind the query's earlier occurrence, which an induction head reads (Olsson et al. 2022, arXiv:2209.11895).
inline double induction_score(const attention_map& map, index_type head, index_type period) {
  return score_at_distance(map, head, period - 1, period);
}

}  // namespace typeformer
