// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <typeformer/hosted/grammars/detail/utf8_ranges.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>

namespace typeformer::detail {

/// A nondeterministic automaton over bytes (Thompson 1968, "Regular expression search algorithm"). State 0 begins,
/// state 1 accepts.
class grammar_graph {
 public:
  static constexpr std::size_t most_states = std::size_t{1} << 18;
  struct edge {
    unsigned char first, last;
    std::uint32_t to;
  };
  struct state {
    std::vector<edge> edges;
    std::vector<std::uint32_t> silent;
  };

  explicit grammar_graph(const grammar& of) : states_(2) { add(of, 0, 1); }

  /// Otherwise the grammar is too large.
  bool is_whole() const { return states_.size() < most_states; }
  const std::vector<state>& states() const { return states_; }

 private:
  std::uint32_t make_state() {
    if (is_whole()) states_.emplace_back();
    return static_cast<std::uint32_t>(states_.size() - 1);
  }
  void connect(std::uint32_t from, std::uint32_t to) { states_[from].silent.push_back(to); }
  std::uint32_t after(const grammar& part, std::uint32_t from) {
    const std::uint32_t to = make_state();
    add(part, from, to);
    return to;
  }

  /// Adds paths from one state to another. Nothing is added that enters `from` or leaves `to`.
  void add(const grammar& what, std::uint32_t from, std::uint32_t to) {
    if (!is_whole()) return;
    switch (what.what()) {
      case grammar::kind::text:
        for (const char c : what.text()) {
          const auto byte = static_cast<unsigned char>(c);
          const std::uint32_t next = make_state();
          states_[from].edges.push_back({byte, byte, next});
          from = next;
        }
        return connect(from, to);
      case grammar::kind::one_of:
        for (const code_points::range& range : what.set().ranges())
          for_each_utf8_sequence(range, [&](const utf8_sequence& bytes) { add_bytes(bytes, from, to); });
        return;
      case grammar::kind::sequence:
        for (std::size_t i = 0; i < what.size(); ++i) from = after(what.part(i), from);
        return connect(from, to);
      case grammar::kind::choice:
        for (std::size_t i = 0; i < what.size(); ++i) add(what.part(i), from, to);
        return;
      case grammar::kind::list: return add_list(what, from, to);
      case grammar::kind::members: return add_members(what, from, to);
    }
  }

  void add_bytes(const utf8_sequence& sequence, std::uint32_t from, std::uint32_t to) {
    for (std::size_t i = 0; i < sequence.size; ++i) {
      const std::uint32_t next = i + 1 == sequence.size ? to : make_state();
      states_[from].edges.push_back({sequence.bytes[i].first, sequence.bytes[i].last, next});
      from = next;
    }
  }

  /// The item of a list without end is there once, in a loop, so that nested lists do not double in size.
  void add_list(const grammar& list, std::uint32_t from, std::uint32_t to) {
    const grammar &item = list.part(0), &separator = list.part(1);
    if (list.least() == 0) connect(from, to);
    const bool has_end = list.most() != grammar::without_end;
    const std::uint32_t copies = has_end ? list.most() : list.least() > 1 ? list.least() - 1 : 0;
    std::uint32_t before = make_state();
    connect(from, before);
    for (std::uint32_t i = 1; i <= copies && is_whole(); ++i) {
      const std::uint32_t behind = after(item, before);
      if (i >= list.least() && has_end) connect(behind, to);
      if (i < copies || !has_end) before = after(separator, behind);
    }
    if (has_end) return;
    const std::uint32_t again = make_state();
    connect(before, again);
    const std::uint32_t behind = after(item, again);
    connect(behind, to);
    connect(after(separator, behind), again);
  }

  void add_members(const grammar& members, std::uint32_t from, std::uint32_t to) {
    const std::size_t size = members.size() - 1;
    const grammar& separator = members.part(size);
    std::uint32_t none = make_state(), some = make_state();  // no member so far, and at least one
    connect(from, none);
    for (std::size_t i = 0; i < size && is_whole(); ++i) {
      const std::uint32_t before = make_state();
      connect(none, before);
      connect(after(separator, some), before);
      const std::uint32_t next_some = after(members.part(i), before), next_none = make_state();
      if (!members.is_required(i)) {
        connect(none, next_none);
        connect(some, next_some);
      }
      none = next_none, some = next_some;
    }
    connect(none, to);
    connect(some, to);
  }

  std::vector<state> states_;
};

}  // namespace typeformer::detail
