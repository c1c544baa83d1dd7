// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/stored_tensor.hpp>

namespace typeformer {

namespace detail {

// Sorts for this folder, with the C library because std::sort and its header cost a third of a second of compile time.
struct sort_key {
  std::string_view name;
  std::uint64_t begin = 0, end = 0;
  std::size_t position = 0;

  TYPEFORMER_RARE static int compare(const void* one, const void* other) {
    const auto& left = *static_cast<const sort_key*>(one);
    const auto& right = *static_cast<const sort_key*>(other);
    if (const int order = left.name.compare(right.name); order != 0) return order;
    if (left.begin != right.begin) return left.begin < right.begin ? -1 : 1;
    if (left.end != right.end) return left.end < right.end ? -1 : 1;
    return left.position < right.position ? -1 : 1;
  }
};

TYPEFORMER_RARE inline void sort_keys(std::vector<sort_key>& keys) {
  if (!keys.empty()) std::qsort(keys.data(), keys.size(), sizeof(sort_key), sort_key::compare);
}

// Sorts by name and position. Of equal names the last one is kept.
TYPEFORMER_RARE inline void sort_and_keep_last(std::vector<sort_key>& keys) {
  sort_keys(keys);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i + 1 == keys.size() || keys[i].name != keys[i + 1].name) keys[kept++] = keys[i];
  }
  keys.resize(kept);
}

}  // namespace detail

/// Tensors in a file's order, found by name in logarithmic time.
///
/// Precondition: names are distinct.
class tensor_list {
 public:
  tensor_list() = default;
  TYPEFORMER_RARE explicit tensor_list(std::vector<stored_tensor> tensors) : tensors_(std::move(tensors)) {
    by_name_.reserve(tensors_.size());
    for (std::size_t i = 0; i < tensors_.size(); ++i) by_name_.push_back({tensors_[i].name, 0, 0, i});
    detail::sort_keys(by_name_);
  }

  std::span<const stored_tensor> tensors() const { return tensors_; }

  /// The tensor of that name, or null.
  TYPEFORMER_RARE const stored_tensor* find(std::string_view name) const {
    std::size_t first = 0, last = by_name_.size();
    while (first < last) {
      const std::size_t middle = first + (last - first) / 2;
      const int order = by_name_[middle].name.compare(name);
      if (order == 0) return &tensors_[by_name_[middle].position];
      (order < 0 ? first : last) = order < 0 ? middle + 1 : middle;
    }
    return nullptr;
  }

 private:
  std::vector<stored_tensor> tensors_;
  std::vector<detail::sort_key> by_name_;
};

}  // namespace typeformer
