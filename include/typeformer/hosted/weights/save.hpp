// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/safetensors_writer.hpp>
#include <typeformer/hosted/weights/load.hpp>

namespace typeformer {

/// Writes parameters as F32 safetensors under the names and in the layouts that `load` reads, replacing `path` when the
/// file is complete. `metadata` comes beside `format: pt`, which Hugging Face's readers ask for.
///
/// Errors: those of `write_safetensors`. Needs a second copy of the parameters while it writes.
template <NamedInFiles M, class Scalar>
result<void, file_error> save(const std::string& path, const parameters<M, Scalar>& values,
                              metadata_texts metadata = {}) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M, Scalar>::count)};
  const std::vector<file_tensor> tensors = file_tensors_of(layout_of<M>, file_names_of<M>());
  std::vector<std::vector<float>> data;
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<tensor_to_write> written;
  data.reserve(tensors.size());
  shapes.reserve(tensors.size());
  for (const file_tensor& tensor : tensors) {
    if (is_left_out(tensor, values.data())) continue;
    data.push_back(in_file_order(tensor, values.data()));
    shapes.push_back(tensor.shape());
    written.push_back(f32_tensor(tensor.name, shapes.back(), data.back()));
  }
  std::vector<std::pair<std::string_view, std::string_view>> texts{{"format", "pt"}};
  texts.insert(texts.end(), metadata.begin(), metadata.end());
  return write_safetensors(path, written, texts);
}

}  // namespace typeformer
