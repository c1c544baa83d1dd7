// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/token_automaton.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/byte_automaton.hpp>
#include <typeformer/hosted/grammars/detail/token_distances.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/hosted/grammars/token_trie.hpp>

namespace typeformer {

/// A grammar as an automaton over the tokens of a vocabulary, for `constrained_text`.
///
/// A token is an edge if its bytes continue the text, and if the vocabulary can complete the text behind it. An end
/// token is an edge exactly where the text may end. The edges of a state are found when it is first entered, and kept.
///
/// Two threads need two automata, because each keeps edges; a copy shares the rest. Cost of making one: a walk through
/// the vocabulary for each state in which a token can end.
class grammar_automaton {
 public:
  /// If there are no end tokens, a text ends where nothing is allowed, or with its budget. An end token is never part
  /// of the text, even if it has bytes.
  /// Errors: those of `byte_automaton::of`; no text of the grammar can be written with the vocabulary; an end token
  /// that is not in the vocabulary; too many states for so many tokens.
  static result<grammar_automaton, grammar_error> of(const grammar& what, const token_trie& vocabulary,
                                                     std::span<const std::int32_t> end_tokens = {}) noexcept {
    auto bytes = byte_automaton::of(what);
    if (!bytes) return failure{bytes.error()};
    return of(std::move(*bytes), vocabulary, end_tokens);
  }
  static result<grammar_automaton, grammar_error> of(byte_automaton bytes, const token_trie& vocabulary,
                                                     std::span<const std::int32_t> end_tokens = {}) noexcept {
    for (const std::int32_t id : end_tokens)
      if (id < 0 || id >= vocabulary.vocabulary())
        return failure{grammar_error{
            detail::joined({"end token: expected an id from 0 to ", std::to_string(vocabulary.vocabulary() - 1),
                            ", found ", std::to_string(id)})}};
    parts made{std::move(bytes), vocabulary, {}, std::vector<bool>(std::size_t(vocabulary.vocabulary()))};
    for (const std::int32_t id : end_tokens) made.is_end[std::size_t(id)] = true;
    auto distances = detail::token_distances(made.bytes, vocabulary, made.is_end);
    if (!distances) return failure{distances.error()};
    made.distances = std::move(*distances);
    return grammar_automaton{std::move(made)};
  }

  std::uint32_t start() const { return parts_->bytes.start(); }
  index_type tokens_to_end(std::uint32_t state) const {
    return state < parts_->distances.size() ? index_type(parts_->distances[state]) : 0;
  }
  std::span<const token_edge> edges(std::uint32_t state) {
    if (state >= edges_.size()) return {};  // behind an end token
    if (!is_known_[state]) find_edges(state);
    return edges_[state];
  }

 private:
  struct parts {
    byte_automaton bytes;
    token_trie vocabulary;
    std::vector<std::uint32_t> distances;
    std::vector<bool> is_end;  ///< by id
  };

  explicit grammar_automaton(parts made)
      : parts_{std::make_shared<const parts>(std::move(made))},
        edges_(parts_->bytes.size()),
        is_known_(parts_->bytes.size()) {}

  void find_edges(std::uint32_t state) {
    std::vector<token_edge>& found = edges_[state];
    parts_->vocabulary.walk(parts_->bytes, state, [&](std::int32_t id, std::uint32_t next) {
      if (!parts_->is_end[std::size_t(id)] && parts_->distances[next] != detail::no_distance)
        found.push_back({id, next});
    });
    const auto ended = static_cast<std::uint32_t>(parts_->bytes.size());
    if (parts_->bytes.accepts(state))
      for (std::size_t id = 0; id < parts_->is_end.size(); ++id)
        if (parts_->is_end[id]) found.push_back({static_cast<std::int32_t>(id), ended});
    std::ranges::sort(found, {}, &token_edge::id);
    is_known_[state] = true;
  }

  std::shared_ptr<const parts> parts_;
  std::vector<std::vector<token_edge>> edges_;
  std::vector<bool> is_known_;
};

}  // namespace typeformer
