// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace typeformer::detail {

/// The pieces of a vocabulary by their ids, one after the other in one text.
class piece_texts {
 public:
  std::int32_t size() const { return static_cast<std::int32_t>(begins_.size() - 1); }
  std::size_t bytes() const { return text_.size(); }

  std::string_view operator[](std::int32_t id) const {
    const auto position = static_cast<std::size_t>(id);
    return std::string_view{text_}.substr(begins_[position], begins_[position + 1] - begins_[position]);
  }

  void add(std::string_view piece) {
    text_ += piece;
    begins_.push_back(text_.size());
  }

 private:
  std::string text_;
  std::vector<std::size_t> begins_{0};
};

}  // namespace typeformer::detail
