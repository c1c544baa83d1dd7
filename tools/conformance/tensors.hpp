// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <map>
#include <string>
#include <vector>

#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/formats/safetensors_writer.hpp>

namespace typeformer::conformance {

/// A named result with a shape: floats, doubles, or ids.
struct tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
  std::vector<std::int64_t> ids;
  std::vector<double> doubles;
};
using tensors = std::map<std::string, tensor>;

inline std::vector<std::int64_t> read_ids(const checkpoint_file& file, std::string_view name) {
  const stored_tensor* found = file.find(name);
  if (!found) return {};
  std::vector<std::int64_t> ids(found->element_count());
  if (!read_integers(*found, ids)) return {};
  return ids;
}
inline std::vector<std::int64_t> shape_of(const checkpoint_file& file, std::string_view name) {
  const stored_tensor* found = file.find(name);
  return found ? std::vector<std::int64_t>(found->shape.begin(), found->shape.end()) : std::vector<std::int64_t>{};
}

inline result<void, file_error> write_results(const std::string& path, const tensors& results) {
  std::vector<tensor_to_write> list;
  for (const auto& [name, value] : results)
    if (!value.ids.empty()) list.push_back(i64_tensor(name, value.shape, value.ids));
    else if (value.doubles.empty()) list.push_back(f32_tensor(name, value.shape, value.numbers));
    else list.push_back({name, tensor_dtype::f64, value.shape, std::as_bytes(std::span(value.doubles))});
  return write_safetensors(path, list);
}

}  // namespace typeformer::conformance
