// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/encoded_tensor.hpp>
#include <typeformer/hosted/formats/ggml_type.hpp>
#include <typeformer/hosted/formats/gguf_outputs.hpp>
#include <typeformer/hosted/formats/npz_writer.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>

namespace convert {

namespace tf = typeformer;

enum class output_format { safetensors, gguf, npz };

/// A tensor to be written: where its numbers are, in the order in which they are written, and its new name and type.
struct output_tensor {
  tf::gguf_output of;  ///< under its new name; its parts are not copied
  tf::tensor_dtype dtype = tf::tensor_dtype::f32;
  std::uint64_t size = 0;

  const tf::stored_tensor& source() const { return of.parts.front(); }
};

inline bool can_hold(output_format format, tf::tensor_dtype dtype) {
  if (format == output_format::gguf) return tf::ggml_type_of(dtype).has_value();
  return format == output_format::npz ? !tf::numpy_type_of(dtype).empty() : tf::is_in_safetensors(dtype);
}

/// Whether llama.cpp reads a tensor as F32 only: vectors, norms, and the tables of positions and segments.
inline bool must_be_f32(const tf::gguf_output& tensor) {
  const std::string_view name = tensor.name;
  return tensor.shape.size() < 2 || !name.ends_with(".weight") || name.ends_with("_norm.weight") ||
         name == "position_embd.weight" || name == "token_types.weight";
}

/// The type in which a tensor is written. With a wanted type that of floats changes: all in safetensors and NumPy's
/// files, and in GGUF matrices whose rows end on a whole block, while the others become F32, as llama.cpp needs them;
/// those of a model that becomes GGUF (`is_renamed`) in any case.
inline tf::tensor_dtype output_dtype(const output_tensor& tensor, output_format format,
                                     std::optional<tf::tensor_dtype> wanted, bool is_renamed) {
  const tf::tensor_dtype given = tensor.source().dtype;
  if (wanted && tf::is_read_as_floats(given)) {
    if (format != output_format::gguf) return *wanted;
    const bool fits = !must_be_f32(tensor.of) && tensor.of.shape.back() % tf::block_of(*wanted).elements == 0;
    return fits ? *wanted : tf::tensor_dtype::f32;
  }
  const bool becomes_f32 = is_renamed && must_be_f32(tensor.of);
  const bool must_be_floats = !tensor.source().order.is_plain();
  if (!becomes_f32 && can_hold(format, given) && !(must_be_floats && !tf::is_written_from_floats(given))) return given;
  return tf::is_read_as_floats(given) ? tf::tensor_dtype::f32 : given;
}

/// The bytes to be written.
inline tf::result<std::vector<std::byte>, tf::file_error> bytes_of(const output_tensor& tensor) {
  std::vector<std::byte> all;
  for (const tf::stored_tensor& part : tensor.of.parts) {
    if (part.dtype != tensor.dtype || !part.order.is_plain()) {
      const auto encoded = tf::encoded_tensor(part, tensor.dtype);
      if (!encoded) return tf::failure{encoded.error()};
      all.insert(all.end(), encoded->begin(), encoded->end());
      continue;
    }
    const std::size_t begin = all.size();
    all.resize(begin + part.bytes.size());
    if (auto read = tf::detail::copy_bytes(part, 0, std::span(all).subspan(begin)); !read)
      return tf::failure{read.error()};
  }
  return all;
}

}  // namespace convert
