// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <typeformer/hosted/formats/tensor_dtype.hpp>
#include <typeformer/hosted/formats/text_pool.hpp>

namespace typeformer {

/// The largest header, so that a small file takes bounded memory: entries of `__metadata__`, and extents of all tensors
/// together.
inline constexpr std::size_t safetensors_most_metadata = std::size_t{1} << 16;
inline constexpr std::size_t safetensors_most_extents = std::size_t{1} << 23;

/// The contents of the JSON header of a safetensors file, not yet compared with the file's size.
///
/// All texts and shapes are in two common arrays, so that a header of millions of entries needs no allocation for each.
struct safetensors_header {
  struct entry {
    text_pool::range name;
    std::size_t first_extent = 0, rank = 0;
    tensor_dtype dtype = tensor_dtype::f32;
    std::uint64_t begin = 0, end = 0;
  };
  struct metadata_entry {
    text_pool::range key, text;
  };

  text_pool texts;
  std::vector<std::int64_t> extents;
  std::vector<entry> entries;
  std::vector<metadata_entry> metadata;
};

}  // namespace typeformer
