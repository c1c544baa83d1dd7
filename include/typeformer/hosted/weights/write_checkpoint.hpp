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

namespace detail {

/// Tensors of canonical parameters as F32 in a file's order.
struct copied_tensors {
  std::vector<std::vector<float>> data;
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<tensor_to_write> tensors;  ///< which view the others and the names that were given

  template <class Scalar> copied_tensors(const std::vector<file_tensor>& of, const Scalar* canonical) {
    data.reserve(of.size());
    shapes.reserve(of.size());
    for (const file_tensor& tensor : of) {
      if (is_left_out(tensor, canonical)) continue;
      data.push_back(in_file_order(tensor, canonical));
      shapes.push_back(tensor.shape());
      tensors.push_back(f32_tensor(tensor.name, shapes.back(), data.back()));
    }
  }
};

}  // namespace detail

/// Writes tensors of canonical parameters as F32 safetensors, replacing `path` when the file is complete. `metadata` is
/// written in addition to `format: pt`, which Hugging Face's readers require, unless they have a `format` themselves.
///
/// Errors: those of `write_safetensors`. Needs a second copy of what it writes.
template <class Scalar>
result<void, file_error> write_checkpoint(const std::string& path, const std::vector<file_tensor>& tensors,
                                          const Scalar* canonical, metadata_texts metadata) {
  const detail::copied_tensors copies{tensors, canonical};
  std::vector<std::pair<std::string_view, std::string_view>> texts;
  if (std::none_of(metadata.begin(), metadata.end(), [](const auto& text) { return text.first == "format"; }))
    texts.emplace_back("format", "pt");
  texts.insert(texts.end(), metadata.begin(), metadata.end());
  return write_safetensors(path, copies.tensors, texts);
}

}  // namespace typeformer
