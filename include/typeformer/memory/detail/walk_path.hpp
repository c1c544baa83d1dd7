// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/memory/plan.hpp>

namespace typeformer::detail {

/// Where a walk stands: the words and numbers that it has entered and not left.
class walk_path {
 public:
  constexpr bool is_empty() const { return length_ == 0; }
  /// False when the path is too long.
  constexpr bool enter(path_part part) {
    if (length_ == maximum_path) return false;
    parts_[std::size_t(length_++)] = part;
    return true;
  }
  /// Precondition: not empty.
  constexpr void leave() { --length_; }

  constexpr void give_to(leaf& l, const char* name) const {
    l.path = parts_;
    l.path_length = length_;
    l.name = name;
  }

 private:
  std::array<path_part, maximum_path> parts_{};
  int length_ = 0;
};

}  // namespace typeformer::detail
