// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace typeformer {

/// The pairs of tokens that byte-pair encoding merges: the rank of each, lower first, and the token it becomes.
class merge_table {
 public:
  static constexpr std::uint32_t no_rank = 0xFFFF'FFFF;
  struct merge {
    std::uint32_t rank = no_rank;
    std::int32_t id = -1;
  };

  /// A pair that is added again has its new rank.
  void add(std::int32_t left, std::int32_t right, merge what) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    place({key_of(left, right), what});
  }

  /// Calls `visit(left, right, merge)` for all, in no order.
  template <class Visit> void for_each(Visit visit) const {
    for (const slot& each : slots_)
      if (each.key != free_slot)
        visit(static_cast<std::int32_t>(each.key >> 32), static_cast<std::int32_t>(each.key & 0xFFFF'FFFFu), each.what);
  }

  merge find(std::int32_t left, std::int32_t right) const {
    if (slots_.empty()) return {};
    const std::uint64_t key = key_of(left, right);
    for (std::size_t at = slot_of(key);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].key == key) return slots_[at].what;
      if (slots_[at].key == free_slot) return {};
    }
  }

 private:
  static constexpr std::uint64_t free_slot = ~std::uint64_t{0};  // ids are not negative
  struct slot {
    std::uint64_t key = free_slot;
    merge what;
  };

  static std::uint64_t key_of(std::int32_t left, std::int32_t right) {
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
  }
  std::size_t slot_of(std::uint64_t key) const {
    key *= 0x9E37'79B9'7F4A'7C15u;
    return static_cast<std::size_t>(key ^ key >> 32) & (slots_.size() - 1);
  }
  void place(const slot& what) {
    std::size_t at = slot_of(what.key);
    while (slots_[at].key != free_slot && slots_[at].key != what.key) at = (at + 1) & (slots_.size() - 1);
    size_ += slots_[at].key == free_slot;
    slots_[at] = what;
  }
  void grow() {
    std::vector<slot> old((std::max)(slots_.size() * 2, std::size_t{64}));
    old.swap(slots_);
    size_ = 0;
    for (const slot& each : old)
      if (each.key != free_slot) place(each);
  }

  std::vector<slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace typeformer
