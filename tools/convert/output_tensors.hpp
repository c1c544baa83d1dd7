// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/encoded_tensor.hpp>
#include <typeformer/hosted/formats/ggml_type.hpp>
#include <typeformer/hosted/formats/npz_writer.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>

namespace convert {

namespace tf = typeformer;

enum class output_format { safetensors, gguf, npz };

/// A tensor to be written: where its numbers are, in the order in which they are written, and its new name and type.
struct output_tensor {
  tf::stored_tensor source;
  std::string name;
  std::vector<std::int64_t> shape;
  tf::tensor_dtype dtype = tf::tensor_dtype::f32;
  std::uint64_t size = 0;
};

inline bool can_hold(output_format format, tf::tensor_dtype dtype) {
  if (format == output_format::gguf) return tf::ggml_type_of(dtype).has_value();
  return format == output_format::npz ? !tf::numpy_type_of(dtype).empty() : tf::is_in_safetensors(dtype);
}

/// The type in which a tensor is written. With a wanted type that of floats changes: all in safetensors and NumPy's
/// files, and in GGUF matrices whose rows end on a whole block, while the others become F32, as llama.cpp needs them.
inline tf::tensor_dtype output_dtype(const output_tensor& tensor, output_format format,
                                     std::optional<tf::tensor_dtype> wanted) {
  const tf::tensor_dtype given = tensor.source.dtype;
  if (wanted && tf::is_read_as_floats(given)) {
    if (format != output_format::gguf) return *wanted;
    const bool fits = tensor.shape.size() > 1 && tensor.shape.back() % tf::block_of(*wanted).elements == 0;
    return fits ? *wanted : tf::tensor_dtype::f32;
  }
  const bool must_be_floats = !tensor.source.order.is_plain();
  if (can_hold(format, given) && !(must_be_floats && !tf::is_written_from_floats(given))) return given;
  return tf::is_read_as_floats(given) ? tf::tensor_dtype::f32 : given;
}

/// The bytes to be written.
inline tf::result<std::vector<std::byte>, tf::file_error> bytes_of(const output_tensor& tensor) {
  tf::stored_tensor source = tensor.source;
  source.shape = tensor.shape;
  if (source.dtype != tensor.dtype || !source.order.is_plain()) return tf::encoded_tensor(source, tensor.dtype);
  std::vector<std::byte> bytes(source.bytes.size());
  if (auto read = tf::detail::copy_bytes(source, 0, bytes); !read) return tf::failure{read.error()};
  return bytes;
}

}  // namespace convert
