// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/detail/grammar_graph.hpp>
#include <typeformer/hosted/grammars/detail/graph_walker.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>

namespace typeformer {

/// A grammar as a deterministic automaton over bytes. Every state can reach the end of a text.
class byte_automaton {
 public:
  static constexpr std::uint32_t dead = detail::graph_walker::dead;  ///< no text goes on like this

  /// Errors: a grammar that has no text; one with too many states (`detail::graph_walker::most_states`), or whose
  /// states take too long to find.
  static result<byte_automaton, grammar_error> of(const grammar& what) noexcept {
    const detail::grammar_graph graph{what};
    const detail::graph_walker found{graph};
    if (!found.is_whole())
      return failure{grammar_error{detail::joined({"the grammar is too large: expected an automaton of at most ",
                                                   detail::digits_of(detail::graph_walker::most_states), " states"})}};
    byte_automaton made;
    made.columns_ = found.columns();
    for (std::size_t byte = 0; byte < 256; ++byte)
      made.column_of_[byte] = static_cast<std::uint32_t>(found.column_of(static_cast<unsigned char>(byte)));
    const std::vector<std::uint32_t> kept = useful(found);
    if (kept.empty() || kept[0] == dead)
      return failure{grammar_error{"the grammar has no text: no end can be reached"}};
    for (std::size_t state = 0; state < found.size(); ++state) {
      if (kept[state] == dead) continue;
      made.accepts_.push_back(found.accepts(state));
      for (std::size_t column = 0; column < made.columns_; ++column) {
        const std::uint32_t next = found.table()[state * made.columns_ + column];
        made.next_.push_back(next == dead ? dead : kept[next]);
      }
    }
    return result<byte_automaton, grammar_error>(std::move(made));
  }

  std::uint32_t start() const { return 0; }
  std::size_t size() const { return accepts_.size(); }
  std::uint32_t next(std::uint32_t state, unsigned char byte) const {
    return next_[state * columns_ + column_of_[byte]];
  }
  bool accepts(std::uint32_t state) const { return accepts_[state]; }

  /// Whether a whole text is in the language.
  bool matches(std::string_view text) const {
    std::uint32_t state = start();
    for (const char byte : text)
      if (state = next(state, static_cast<unsigned char>(byte)); state == dead) return false;
    return accepts(state);
  }

 private:
  byte_automaton() = default;

  /// New numbers for the states from which an end can be reached; the others are `dead`.
  static std::vector<std::uint32_t> useful(const detail::graph_walker& found) {
    std::vector<std::vector<std::uint32_t>> before(found.size());
    for (std::size_t i = 0; i < found.table().size(); ++i)
      if (const std::uint32_t next = found.table()[i]; next != dead)
        before[next].push_back(static_cast<std::uint32_t>(i / found.columns()));
    std::vector<std::uint32_t> numbers(found.size(), dead), open;
    const auto reach = [&](std::uint32_t state) {
      if (numbers[state] == dead) numbers[state] = 0, open.push_back(state);
    };
    for (std::uint32_t state = 0; state < found.size(); ++state)
      if (found.accepts(state)) reach(state);
    while (!open.empty()) {
      const std::uint32_t state = open.back();
      open.pop_back();
      for (const std::uint32_t each : before[state]) reach(each);
    }
    std::uint32_t count = 0;
    for (std::uint32_t& number : numbers)
      if (number != dead) number = count++;
    return numbers;
  }

  std::size_t columns_ = 1;
  std::array<std::uint32_t, 256> column_of_{};
  std::vector<std::uint32_t> next_;  ///< of every state and column
  std::vector<bool> accepts_;
};

}  // namespace typeformer
