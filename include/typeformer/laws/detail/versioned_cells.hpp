// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include <typeformer/laws/shadow_report.hpp>
#include <typeformer/memory/plan.hpp>

namespace typeformer::laws::detail {

/// The cells of a plan's arenas, each with the version last written to it, and of its state, each with its owner.
/// Counts reads and writes in `report`.
class versioned_cells {
 public:
  shadow_report report;
  std::array<index_type, maximum_loop_depth> iteration{};  ///< index of each loop around the requested place

  /// The tables of the plan must outlive this.
  template <class Plan>
  explicit versioned_cells(const Plan& plan)
      : buffers_{plan.buffers}, states_{plan.states}, state_cells_(std::size_t(plan.state)) {
    for (std::size_t a = 0; a < cells_.size(); ++a) cells_[a].assign(std::size_t(plan.arena[a]), -1);
  }

  bool is_live(int id) const { return place_of(id).live; }
  index_type address(int id) const { return address(place_of(id)); }
  bool overlap(int a, int b) const {
    const index_type p = address(a), q = address(b);
    return p < q + place_of(b).size && q < p + place_of(a).size;
  }

  int version(int id) { return version_[key(id)]; }
  /// Marks the buffer's cells as holding this version without a write.
  void take_version(int id, int version) { version_[key(id)] = version; }

  void read(int id, arena_of where) {
    ++report.reads;
    const place& p = place_of(id);
    const auto found = version_.find(key(id));
    const std::vector<int>& cells = cells_[std::size_t(where)];
    const index_type at = address(p);
    bool fresh = p.live && found != version_.end() && at >= 0 && at + p.size <= index_type(cells.size());
    for (index_type i = at; fresh && i < at + p.size; ++i) fresh = cells[std::size_t(i)] == found->second;
    report.stale_reads += !fresh;
  }
  void write(int id, arena_of where) {
    ++report.writes;
    const place& p = place_of(id);
    std::vector<int>& cells = cells_[std::size_t(where)];
    const index_type at = address(p);
    const int version = version_[key(id)] = versions_++;
    if (!p.live || at < 0 || at + p.size > index_type(cells.size())) {
      ++report.outside;
      return;
    }
    for (index_type i = at; i < at + p.size; ++i) cells[std::size_t(i)] = version;
  }
  void touch_state(int id) {
    const place& p = states_[std::size_t(id)];
    const index_type at = address(p);
    if (at < 0 || at + p.size > index_type(state_cells_.size())) {
      ++report.outside;
      return;
    }
    for (index_type i = at; i < at + p.size; ++i) {
      instance& owner = state_cells_[std::size_t(i)];
      if (owner == instance{}) owner = key(id + 1, p.depth);
      report.shared_state += owner != key(id + 1, p.depth);
    }
  }

 private:
  const place& place_of(int id) const { return buffers_[std::size_t(id)]; }
  using instance = std::array<index_type, maximum_loop_depth + 1>;  // an id in an iteration of each loop around it

  index_type address(const place& p) const {
    index_type offset = p.offset;
    for (int d = 0; d < p.depth; ++d) offset += iteration[std::size_t(d)] * p.stride[std::size_t(d)];
    return offset;
  }
  instance key(int id, int depth) const {
    instance k;
    k.fill(-1);
    k[0] = id;
    for (int d = 0; d < depth; ++d) k[std::size_t(d) + 1] = iteration[std::size_t(d)];
    return k;
  }
  instance key(int id) const { return key(id, place_of(id).depth); }

  std::span<const place> buffers_;
  std::span<const state_place> states_;
  std::array<std::vector<int>, arena_count> cells_;
  std::vector<instance> state_cells_;
  std::map<instance, int> version_;
  int versions_ = 0;
};

}  // namespace typeformer::laws::detail
