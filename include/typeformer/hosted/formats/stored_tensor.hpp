// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/stored_order.hpp>
#include <typeformer/hosted/formats/tensor_dtype.hpp>

namespace typeformer {

/// A tensor in a file: little-endian, row-major, at any alignment. All members view the opened file.
///
/// `bytes` may be mapped (see `mapped_file`); the functions that read a tensor read the file instead. `shape` is that of
/// the tensor that `read_floats` gives.
struct stored_tensor {
  std::string_view file, name;
  tensor_dtype dtype = tensor_dtype::f32;
  std::span<const std::int64_t> shape;
  std::span<const std::byte> bytes;
  int descriptor = -1;              ///< of the open file; -1: the bytes are in memory
  std::uint64_t begin_in_file = 0;  ///< of the bytes
  /// How `read_floats` reads, if not float by float: `order` and blocks are seen by `read_decoded` only, so that a program
  /// that reads plain files does not contain them.
  result<void, file_error> (*decode)(const stored_tensor&, std::size_t first, std::span<float> out) = nullptr;
  stored_order order = {};

  std::size_t element_count() const {
    const dtype_block block = block_of(dtype);
    const std::uint64_t size = bytes.size();
    return static_cast<std::size_t>(size * 8 / block.bits * block.elements) + absent_element_count();
  }
  /// Those at the beginning that are zero and not in the file.
  std::size_t absent_element_count() const {
    return static_cast<std::size_t>(order.absent_rows * (shape.size() > 1 ? shape.back() : 1));
  }

  /// An error that names this tensor and its file.
  TYPEFORMER_RARE file_error error(std::string_view problem, std::string_view expected, std::string_view found) const {
    return {file, name, problem, expected, found};
  }
};

}  // namespace typeformer
