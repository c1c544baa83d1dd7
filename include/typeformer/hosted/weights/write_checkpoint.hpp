// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/safetensors_writer.hpp>
#include <typeformer/hosted/weights/file_tensors.hpp>
#include <typeformer/hosted/weights/in_file_order.hpp>
#include <typeformer/hosted/weights/write_renamed_gguf.hpp>

namespace typeformer {

/// Whether a file may leave a tensor out, because all its values are the constant.
template <class Scalar> bool is_left_out(const file_tensor& tensor, const Scalar* canonical) {
  return tensor.constant && std::all_of(tensor.parts.begin(), tensor.parts.end(), [&](const file_tensor::part& part) {
           return std::all_of(
               canonical + part.offset, canonical + part.offset + part.rows * tensor.columns, [&](Scalar value) {
                 return std::bit_cast<std::uint32_t>(float(value)) == std::bit_cast<std::uint32_t>(*tensor.constant);
               });
         });
}

/// Writes tensors of canonical parameters as F32, replacing `path` when the file is complete (see `save`).
///
/// Errors: those of `write_safetensors` and `write_gguf`. Needs a second copy of what it writes.
template <class Scalar>
result<void, file_error> write_checkpoint(const std::string& path, const std::vector<file_tensor>& tensors,
                                          const Scalar* canonical, metadata_texts metadata) {
  std::vector<std::vector<float>> data;
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<tensor_to_write> written;
  data.reserve(tensors.size());
  shapes.reserve(tensors.size());
  for (const file_tensor& tensor : tensors) {
    if (is_left_out(tensor, canonical)) continue;
    data.push_back(in_file_order(tensor, canonical));
    shapes.push_back(tensor.shape());
    written.push_back(f32_tensor(tensor.name, shapes.back(), data.back()));
  }
  if (path.ends_with(".gguf")) return detail::write_gguf_texts(path, written, metadata);
  std::vector<std::pair<std::string_view, std::string_view>> texts{{"format", "pt"}};
  texts.insert(texts.end(), metadata.begin(), metadata.end());
  return write_safetensors(path, written, texts);
}

}  // namespace typeformer
