// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <initializer_list>
#include <utility>
#include <vector>

namespace typeformer {

/// A set of code points, as ascending ranges that do not touch. Surrogates are never in it.
class code_points {
 public:
  struct range {
    char32_t first, last;

    friend bool operator==(const range&, const range&) = default;
  };

  code_points() = default;
  code_points(std::initializer_list<range> ranges) : ranges_{ranges} { normalize(); }

  const std::vector<range>& ranges() const { return ranges_; }
  bool contains(char32_t c) const {
    return std::ranges::any_of(ranges_, [c](const range& each) { return each.first <= c && c <= each.last; });
  }

  void add(char32_t first, char32_t last) { ranges_.push_back({first, last}), normalize(); }
  void add(const code_points& other) {
    ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
    normalize();
  }
  code_points complement() const {
    code_points rest;
    char32_t next = 0;
    for (const range& each : ranges_) {
      if (next < each.first) rest.ranges_.push_back({next, each.first - 1});
      next = each.last + 1;
    }
    if (next <= greatest) rest.ranges_.push_back({next, greatest});
    rest.normalize();
    return rest;
  }
  code_points without(const code_points& other) const {
    code_points kept = complement();
    kept.add(other);
    return kept.complement();
  }

  friend bool operator==(const code_points&, const code_points&) = default;

 private:
  static constexpr char32_t greatest = 0x10'FFFF, before_surrogates = 0xD7FF, behind_surrogates = 0xE000;

  void normalize() {
    std::vector<range> parts;
    for (const range& each : ranges_) {
      if (each.first <= before_surrogates) parts.push_back({each.first, (std::min)(each.last, before_surrogates)});
      if (each.last >= behind_surrogates)
        parts.push_back({(std::max)(each.first, behind_surrogates), (std::min)(each.last, greatest)});
    }
    std::erase_if(parts, [](const range& each) { return each.last < each.first; });
    std::ranges::sort(parts, {}, &range::first);
    ranges_.clear();
    for (const range& each : parts) {
      if (!ranges_.empty() && each.first <= ranges_.back().last + 1)
        ranges_.back().last = (std::max)(ranges_.back().last, each.last);
      else ranges_.push_back(each);
    }
  }

  std::vector<range> ranges_;
};

}  // namespace typeformer
