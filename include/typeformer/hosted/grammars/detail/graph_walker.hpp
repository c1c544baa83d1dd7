// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <typeformer/hosted/grammars/detail/grammar_graph.hpp>

namespace typeformer::detail {

/// Makes a deterministic automaton of a graph: its states are sets of the graph's states (Rabin and Scott 1959, "Finite
/// automata and their decision problems"). Bytes that no edge tells apart share a column.
class graph_walker {
 public:
  static constexpr std::uint32_t dead = 0xFFFF'FFFF;
  static constexpr std::size_t most_states = std::size_t{1} << 16, most_work = std::size_t{1} << 25;

  explicit graph_walker(const grammar_graph& graph) : graph_{graph}, marks_(graph.states().size()) {
    number_columns();
    if (!graph.is_whole()) return;
    place({0});
    for (std::size_t state = 0; state < sets_.size() && is_whole(); ++state) expand(state);
  }

  /// Otherwise the automaton is too large.
  bool is_whole() const { return graph_.is_whole() && sets_.size() <= most_states && work_ <= most_work; }
  std::size_t size() const { return sets_.size(); }
  std::size_t columns() const { return columns_; }
  std::size_t column_of(unsigned char byte) const { return column_of_[byte]; }
  /// The next state, or `dead`, for every state and column.
  const std::vector<std::uint32_t>& table() const { return table_; }
  bool accepts(std::size_t state) const { return std::ranges::binary_search(*sets_[state], 1u); }

 private:
  using set = std::vector<std::uint32_t>;
  struct hash {
    std::size_t operator()(const set& of) const {
      const auto* const bytes = reinterpret_cast<const char*>(of.data());
      return std::hash<std::string_view>{}({bytes, of.size() * sizeof(std::uint32_t)});
    }
  };

  void number_columns() {
    bool begins[257]{};
    for (const auto& state : graph_.states())
      for (const grammar_graph::edge& edge : state.edges) begins[edge.first] = begins[edge.last + 1] = true;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      if (byte > 0 && begins[byte]) ++columns_;
      column_of_[byte] = static_cast<unsigned char>(columns_);
    }
    ++columns_;
  }

  /// The number of a set, with what is reached without a byte. States without edges need not be in it.
  std::uint32_t place(set from) {
    set reached;
    ++mark_;
    while (!from.empty()) {
      const std::uint32_t state = from.back();
      from.pop_back();
      if (std::exchange(marks_[state], mark_) == mark_) continue;
      const auto& now = graph_.states()[state];
      if (!now.edges.empty() || state == 1) reached.push_back(state);
      from.insert(from.end(), now.silent.begin(), now.silent.end());
      work_ += 1 + now.silent.size();
    }
    std::ranges::sort(reached);
    if (reached.empty()) return dead;
    const auto [found, is_new] = numbers_.try_emplace(std::move(reached), static_cast<std::uint32_t>(sets_.size()));
    if (is_new) sets_.push_back(&found->first);
    return found->second;
  }

  void expand(std::size_t state) {
    std::vector<set> next(columns_);
    for (const std::uint32_t each : *sets_[state])
      for (const grammar_graph::edge& edge : graph_.states()[each].edges)
        for (std::size_t column = column_of_[edge.first]; column <= column_of_[edge.last]; ++column) {
          next[column].push_back(edge.to);
          ++work_;
        }
    table_.resize((state + 1) * columns_, dead);
    for (std::size_t column = 0; column < columns_ && is_whole(); ++column)
      if (!next[column].empty()) table_[state * columns_ + column] = place(std::move(next[column]));
  }

  const grammar_graph& graph_;
  std::vector<std::uint64_t> marks_;
  std::uint64_t mark_ = 0;
  std::size_t columns_ = 0, work_ = 0;
  unsigned char column_of_[256]{};
  std::vector<const set*> sets_;  ///< the keys of `numbers_`
  std::unordered_map<set, std::uint32_t, hash> numbers_;
  std::vector<std::uint32_t> table_;
};

}  // namespace typeformer::detail
