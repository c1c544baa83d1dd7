// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <span>
#include <vector>

#include <typeformer/laws/detail/versioned_cells.hpp>
#include <typeformer/laws/detail/watched_argument.hpp>
#include <typeformer/laws/shadow_report.hpp>
#include <typeformer/memory/plan.hpp>

namespace typeformer::laws::detail {

/// Checks that operations read what was written and write over nothing that is in use. It is compiled once for all plans.
class memory_watch {
 public:
  versioned_cells cells;

  template <class Plan> explicit memory_watch(const Plan& plan) : cells{plan} {}

  /// The buffer may have the memory of others.
  void make(int id, std::initializer_list<int> over) { offered_[id] = over; }

  void run(std::initializer_list<watched_argument> arguments) {
    for (const watched_argument& a : arguments) before(a);
    for (std::size_t mine = 0; mine < arguments.size(); ++mine)
      check_clashes({arguments.begin(), arguments.size()}, mine);
    for (const watched_argument& a : arguments) after(a);
  }
  /// An observer may change what it sees.
  void observe(const watched_argument& seen) {
    before(seen);
    write(seen);
  }
  /// Buffer `to` holds what `from` has.
  void move(int from, int to, arena_of arena) {
    cells.read(from, arena);
    if (cells.address(from) == cells.address(to)) {
      cells.take_version(to, cells.version(from));
    } else {
      cells.report.clashes += cells.overlap(from, to);
      cells.write(to, arena);
    }
  }

 private:
  void before(const watched_argument& a) {
    cells.report.unplanned_inputs += a.unplanned_input;
    if (a.reads && a.buffer >= 0) cells.read(a.buffer, a.arena);
    if (a.reads && a.state >= 0) cells.touch_state(a.state);
  }
  void after(const watched_argument& a) {
    if (a.writes && !(a.writes_if_kept && !is_live(a))) write(a);
  }
  void write(const watched_argument& a) {
    if (a.buffer >= 0) cells.write(a.buffer, a.arena);
    if (a.state >= 0) cells.touch_state(a.state);
  }
  bool is_live(const watched_argument& a) const { return a.buffer >= 0 && cells.is_live(a.buffer); }

  void check_clashes(std::span<const watched_argument> all, std::size_t mine) {
    const watched_argument& a = all[mine];
    if (!a.writes || !is_live(a)) return;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const watched_argument& other = all[i];
      if (other.buffer < 0 || other.arena != a.arena) continue;
      if (!other.writes && other.buffer != a.buffer && cells.overlap(a.buffer, other.buffer)) {
        const std::vector<int>& offered = offered_[a.buffer];
        const bool same = cells.address(a.buffer) == cells.address(other.buffer);
        const bool was_offered = std::find(offered.begin(), offered.end(), other.buffer) != offered.end();
        cells.report.clashes += !(same && was_offered);
      }
      if (i > mine && other.writes && is_live(other))
        cells.report.clashes += other.buffer == a.buffer || cells.overlap(a.buffer, other.buffer);
    }
  }

  std::map<int, std::vector<int>> offered_;
};

}  // namespace typeformer::laws::detail
