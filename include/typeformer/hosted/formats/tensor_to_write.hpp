// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/tensor_dtype.hpp>

namespace typeformer {

/// A tensor to be written: its elements, row-major and in this machine's byte order, which must be little-endian.
struct tensor_to_write {
  std::string_view name;
  tensor_dtype dtype = tensor_dtype::f32;
  std::span<const std::int64_t> shape;
  std::span<const std::byte> bytes;
};

inline tensor_to_write f32_tensor(std::string_view name, std::span<const std::int64_t> shape,
                                  std::span<const float> data) {
  return {name, tensor_dtype::f32, shape, std::as_bytes(data)};
}
inline tensor_to_write i64_tensor(std::string_view name, std::span<const std::int64_t> shape,
                                  std::span<const std::int64_t> data) {
  return {name, tensor_dtype::i64, shape, std::as_bytes(data)};
}
inline tensor_to_write i32_tensor(std::string_view name, std::span<const std::int64_t> shape,
                                  std::span<const std::int32_t> data) {
  return {name, tensor_dtype::i32, shape, std::as_bytes(data)};
}

/// A tensor whose elements are written when their place in the file has come.
struct described_tensor {
  std::string_view name;
  tensor_dtype dtype = tensor_dtype::f32;
  std::span<const std::int64_t> shape;
  std::uint64_t size = 0;  ///< in bytes
};
inline std::vector<described_tensor> described(std::span<const tensor_to_write> tensors) {
  std::vector<described_tensor> list;
  for (const tensor_to_write& tensor : tensors)
    list.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.bytes.size()});
  return list;
}

}  // namespace typeformer
