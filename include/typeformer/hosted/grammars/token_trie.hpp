// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/grammars/byte_automaton.hpp>
#include <typeformer/hosted/grammars/token_bytes.hpp>

namespace typeformer {

/// The tokens of a vocabulary as a tree of their bytes. One serves any number of grammars; copies share it.
class token_trie {
 public:
  explicit token_trie(const token_bytes& bytes) noexcept : vocabulary_{bytes.size()} {
    tables made;
    for (std::int32_t id = 0; id < bytes.size(); ++id)
      if (!bytes[id].empty()) made.ids.push_back(id);
    std::ranges::stable_sort(made.ids, {}, [&](std::int32_t id) { return bytes[id]; });
    std::vector<std::size_t> path;
    const auto close = [&](std::size_t depth) {
      for (; path.size() > depth; path.pop_back())
        made.nodes[path.back()].skip = static_cast<std::uint32_t>(made.nodes.size());
    };
    std::string_view before;
    for (std::uint32_t token = 0; token < made.ids.size(); ++token) {
      const std::string_view now = bytes[made.ids[token]];
      const auto common = static_cast<std::size_t>(std::ranges::mismatch(before, now).in1 - before.begin());
      close(common);
      for (std::size_t depth = common; depth < now.size(); ++depth) {
        path.push_back(made.nodes.size());
        made.nodes.push_back(
            {static_cast<unsigned char>(now[depth]), static_cast<std::uint32_t>(depth), 0, token, token});
      }
      made.nodes[path.back()].end = token + 1;
      made.longest = (std::max)(made.longest, now.size());
      before = now;
    }
    close(0);
    for (node& each : made.nodes)
      if (each.end < each.first) each.end = each.first;
    tables_ = std::make_shared<const tables>(std::move(made));
  }

  std::int32_t vocabulary() const { return vocabulary_; }

  /// Calls `use(id, state)` for every token that an automaton can read from a state, with the state after it. Returns
  /// the number of bytes that were read.
  template <class Use> std::size_t walk(const byte_automaton& automaton, std::uint32_t from, const Use& use) const {
    std::vector<std::uint32_t> states(tables_->longest + 1);
    states[0] = from;
    const std::vector<node>& nodes = tables_->nodes;
    std::size_t work = 0;
    for (std::size_t i = 0; i < nodes.size(); ++work) {
      const node& now = nodes[i];
      const std::uint32_t next = automaton.next(states[now.depth], now.byte);
      if (next == byte_automaton::dead) {
        i = now.skip;
        continue;
      }
      states[now.depth + 1] = next;
      for (std::uint32_t token = now.first; token < now.end; ++token) use(tables_->ids[token], next);
      ++i;
    }
    return work;
  }

 private:
  /// In the order in which they are visited: a node, then what is below it, up to `skip`.
  struct node {
    unsigned char byte;
    std::uint32_t depth, skip, first, end;
  };
  struct tables {
    std::vector<node> nodes;
    std::vector<std::int32_t> ids;  ///< by their bytes; a node has those from `first` to before `end`
    std::size_t longest = 0;
  };

  std::int32_t vocabulary_;
  std::shared_ptr<const tables> tables_;
};

}  // namespace typeformer
