// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace typeformer {

/// Many texts in one allocation, which does not move with the pool. Precondition: less than 4 GiB in total.
class text_pool {
 public:
  struct range {
    std::uint32_t begin = 0, size = 0;
  };

  [[gnu::noinline]] range add(std::string_view text) {
    const range added{static_cast<std::uint32_t>(characters_.size()), static_cast<std::uint32_t>(text.size())};
    characters_.resize(characters_.size() + text.size());
    if (!text.empty()) std::memcpy(characters_.data() + added.begin, text.data(), text.size());
    return added;
  }
  std::string_view view(range text) const { return {characters_.data() + text.begin, text.size}; }

 private:
  std::vector<char> characters_;
};

}  // namespace typeformer
