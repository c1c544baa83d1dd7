// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace running {

/// Ends a text that comes in pieces before the first of some texts. What may be the beginning of one is held back.
class stop_texts {
 public:
  explicit stop_texts(std::vector<std::string> stops) : stops_{std::move(stops)} { std::erase(stops_, std::string{}); }

  /// What can be shown of the text so far that was not shown before.
  std::string take(std::string_view piece) {
    if (ended_) return {};
    held_ += piece;
    for (const std::string& stop : stops_)
      if (const std::size_t found = held_.find(stop); found != held_.npos) {
        held_.resize(found);
        ended_ = true;
      }
    return release(ended_ ? held_.size() : held_.size() - possible_beginning());
  }
  /// The rest, at the end of the text.
  std::string finish() { return release(held_.size()); }
  bool ended() const { return ended_; }

 private:
  std::string release(std::size_t size) {
    std::string shown = held_.substr(0, size);
    held_.erase(0, size);
    return shown;
  }
  std::size_t possible_beginning() const {
    std::size_t longest = 0;
    for (const std::string& stop : stops_)
      for (std::size_t size = std::min(stop.size(), held_.size() + 1) - 1; size > longest; --size)
        if (held_.ends_with(std::string_view(stop).substr(0, size))) longest = size;
    return longest;
  }

  std::vector<std::string> stops_;
  std::string held_;
  bool ended_ = false;
};

}  // namespace running
