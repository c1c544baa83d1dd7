// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/write_checkpoint.hpp>

namespace typeformer {

/// Writes parameters as an F32 GGUF file with the names and orders of llama.cpp.
///
/// `metadata` name the architecture (`general.architecture`, one of `gguf_families`) and what it needs to be run:
/// `llama.attention.head_count`, and so on; the order of queries and keys depends on the heads. What they say is not
/// compared with the model. `load` reads the file again.
///
/// Errors: an architecture without rules, a tensor that it does not have; those of `write_gguf`. Needs a second copy of
/// the parameters while it writes.
template <NamedInFiles M, class Scalar>
result<void, file_error> save_gguf(const std::string& path, const parameters<M, Scalar>& values,
                                   std::span<const gguf_entry> metadata) {
  if (!values.available()) return failure{detail::no_memory_for(path, parameters<M, Scalar>::count)};
  constexpr file_names names = file_names_of<M>();
  std::vector<std::vector<float>> data;
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<tensor_to_write> written;
  const std::vector<file_tensor> tensors = file_tensors_of(layout_of<M>, names);
  data.reserve(tensors.size()), shapes.reserve(tensors.size());
  for (const file_tensor& tensor : tensors) {
    if (is_left_out(tensor, values.data())) continue;
    data.push_back(in_file_order(tensor, values.data()));
    shapes.push_back(tensor.shape());
    written.push_back(f32_tensor(tensor.name, shapes.back(), data.back()));
  }
  return detail::write_renamed_gguf(path, written, metadata,
                                    names.rotates_adjacent_pairs ? rotary_order::adjacent : rotary_order::half_split);
}

}  // namespace typeformer
