// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include <typeformer/memory/detail/buffer_group.hpp>
#include <typeformer/memory/recording.hpp>
#include <typeformer/memory/use.hpp>

namespace typeformer::detail {

/// Computes offsets from a recording. Buffers that may share a place form a group: a tree of parents whose root is the
/// group's first owner. Groups are placed by first fit, the largest first.
class plan_solver {
 public:
  constexpr plan_solver(recording& walk, planning_rules rules) : walk_{walk}, rules_{rules} {}

  constexpr working_plan solve() {
    for (int id = 0; id < walk_.buffer_count; ++id) start_group(id);
    for (buffer_group& g : groups_) g = {0, 0, {}, never, -1, -1};
    for (int id = 0; id < walk_.buffer_count; ++id)
      if (!copy_parameters(id, at(id).over[0])) copy_parameters(id, at(id).over[1]);
    measure_groups();
    place_groups();
    walk_.layout.live_bound = live_bound();
    address_buffers();
    return walk_.layout;
  }

 private:
  static constexpr int never = 1 << 30;

  constexpr recorded_buffer& at(int id) { return walk_.buffers[std::size_t(id)]; }
  constexpr const recorded_buffer& at(int id) const { return walk_.buffers[std::size_t(id)]; }
  constexpr const recorded_visit& visit(int id) const { return walk_.visits[std::size_t(id)]; }
  constexpr int mark_of(int id, int d) const { return visit(at(id).made_in[std::size_t(d)]).mark; }

  constexpr void start_group(int id) {
    at(id).last_member = id;
    if (at(id).parent != id) append(walk_.group_of(at(id).parent), id);
  }
  constexpr void append(int to, int members) {
    at(at(to).last_member).next_member = members;
    at(to).last_member = at(members).last_member;
  }

  /// The last use of a group among the members born by `time`, without `except`.
  constexpr int last_touch(int root, int time, int except) const {
    int last = -1;
    for (int m = root; m >= 0; m = at(m).next_member)
      if (m != except && at(m).birth >= 0 && at(m).birth <= time) last = (std::max)(last, at(m).death);
    return last;
  }
  constexpr int first_touch(int root) const {
    int first = never;
    for (int m = root; m >= 0; m = at(m).next_member)
      if (at(m).birth >= 0) first = (std::min)(first, at(m).birth);
    return first;
  }

  /// Gives `id` the place of `old`. The operation that writes `id` must be the last reader of `old`.
  constexpr bool copy_parameters(int id, int old) {
    if (old < 0 || !rules_.merge_in_place) return false;
    if (at(old).size != at(id).size || at(old).arena != at(id).arena) return false;
    const int from = walk_.group_of(old), to = walk_.group_of(id), time = at(id).birth;
    if (from == to) return true;
    if (time < 0 || last_touch(from, time, -1) != time) return false;
    for (int m = from; m >= 0; m = at(m).next_member) {
      for (int d = 0; d < at(m).depth; ++d)
        if (walk_.keeps_slots(m, d)) return false;  // slots do not move
      const int d = at(m).depth - 1;
      if (at(m).loop_variable && !at(id).bound && d < at(id).depth && walk_.keeps_slots(id, d) &&
          mark_of(m, d) == mark_of(id, d))
        return false;  // a loop variable without slots cannot move into slots
    }
    if (at(id).bound) {
      const int variable = at(id).parent;
      const bool has_slots = walk_.keeps_slots(variable, at(variable).depth - 1);
      if (!has_slots && last_touch(to, time, id) >= first_touch(from)) return false;  // x(i) is read after y(i) is born
    }
    at(from).parent = id;
    append(to, from);
    ++walk_.layout.merged;
    return true;
  }

  constexpr void measure_groups() {
    for (int id = 0; id < walk_.buffer_count; ++id) {
      group_of_[std::size_t(id)] = walk_.group_of(id);
      const recorded_buffer& b = at(id);
      buffer_group& g = groups_[std::size_t(group_of_[std::size_t(id)])];
      std::array<index_type, maximum_loop_depth> stride{};
      index_type size = b.size;
      for (int d = b.depth - 1; d >= 0; --d)
        if (walk_.keeps_slots(id, d)) {
          stride[std::size_t(d)] = size;
          size *= visit(b.made_in[std::size_t(d)]).count + (b.loop_variable && d == b.depth - 1);
        }
      if (size > g.size || (size == g.size && b.loop_variable) || g.widest < 0) {
        g.size = size;
        g.stride = stride;
        g.widest = id;
      }
      if (b.birth < 0) continue;
      int birth = b.birth, death = b.death;
      for (int d = b.depth - 1; d >= 0; --d)
        if (rules_.later_visits_keep_slots && walk_.keeps_slots(id, d)) {
          birth = (std::min)(birth, visit(b.made_in[std::size_t(d)]).begin);
          death = (std::max)(death, visit(b.touched_in[std::size_t(d)]).end);
        }
      if (b.loop_variable) death = (std::max)(death, visit(b.made_in[std::size_t(b.depth - 1)]).end);
      g.birth = (std::min)(g.birth, birth);
      g.death = (std::max)(g.death, death);
    }
  }

  constexpr void place_groups() {
    for (int id = 0; id < walk_.buffer_count; ++id)
      if (group_of_[std::size_t(id)] == id && groups_[std::size_t(id)].death >= 0) order_[std::size_t(count_++)] = id;
    std::sort(order_.begin(), order_.begin() + count_, [this](int a, int b) {
      const buffer_group &x = groups_[std::size_t(a)], &y = groups_[std::size_t(b)];
      return x.size != y.size ? x.size > y.size : x.birth != y.birth ? x.birth < y.birth : a < b;
    });
    for (int i = 0; i < count_; ++i) place_group(order_[std::size_t(i)], i);
  }

  /// The lowest place that is free beside the groups already placed that live at the same time. It needs one pass over
  /// them in the order of their offsets.
  constexpr void place_group(int id, int placed) {
    buffer_group& mine = groups_[std::size_t(id)];
    const arena_of arena = at(id).arena;
    for (int j = 0; j < placed && rules_.separate_what_lives_at_once; ++j) {
      const buffer_group& other = groups_[std::size_t(by_offset_[std::size_t(j)])];
      if (other.birth > mine.death || mine.birth > other.death || other.offset + other.size <= mine.offset) continue;
      if (at(by_offset_[std::size_t(j)]).arena != arena) continue;
      if (mine.offset + mine.size <= other.offset) break;
      mine.offset = other.offset + other.size;
    }
    int j = placed;
    for (; j > 0 && groups_[std::size_t(by_offset_[std::size_t(j) - 1])].offset > mine.offset; --j)
      by_offset_[std::size_t(j)] = by_offset_[std::size_t(j) - 1];
    by_offset_[std::size_t(j)] = id;
    index_type& elements = walk_.layout.arena[std::size_t(arena)];
    elements = (std::max)(elements, mine.offset + mine.size);
  }

  /// The most elements of the real arena that live at once.
  constexpr index_type live_bound() const {
    std::array<int, maximum_buffers> real{};
    int n = 0;
    for (int i = 0; i < count_; ++i)
      if (at(order_[std::size_t(i)]).arena == arena_of::real) real[std::size_t(n++)] = order_[std::size_t(i)];
    return most_live_at_once(groups_, real, n);
  }

  constexpr void address_buffers() {
    for (int id = 0; id < walk_.buffer_count; ++id) {
      const buffer_group& g = groups_[std::size_t(group_of_[std::size_t(id)])];
      const recorded_buffer &b = at(id), &widest = at(g.widest);
      place& p = walk_.layout.buffers[std::size_t(id)];
      p.size = b.size;
      p.depth = b.depth;
      p.offset = g.offset;
      p.live = b.birth >= 0;
      for (int d = 0; d < b.depth && d < widest.depth; ++d)
        if (mark_of(id, d) == mark_of(g.widest, d)) p.stride[std::size_t(d)] = g.stride[std::size_t(d)];
      for (int j = id; at(j).parent != j; j = at(j).parent) {
        const int variable = at(j).parent, d = widest.depth - 1;
        if (at(j).slot && at(variable).depth == widest.depth && mark_of(variable, d) == mark_of(g.widest, d))
          p.offset += at(j).slot * g.stride[std::size_t(d)];  // x(i + 1) and x(N) are later slots of x
      }
    }
    walk_.layout.buffer_count = walk_.buffer_count;
  }

  recording& walk_;
  planning_rules rules_;
  buffer_groups groups_{};
  std::array<int, maximum_buffers> group_of_{}, order_{}, by_offset_{};
  int count_ = 0;
};

}  // namespace typeformer::detail
