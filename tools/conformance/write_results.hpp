// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/hosted/formats/safetensors_writer.hpp>

#include "tensors.hpp"

namespace typeformer::conformance {

inline tensor_to_write to_write(const std::string& name, const tensor& value) {
  if (!value.ids.empty()) return i64_tensor(name, value.shape, value.ids);
  if (!value.doubles.empty()) return {name, tensor_dtype::f64, value.shape, std::as_bytes(std::span(value.doubles))};
  return f32_tensor(name, value.shape, value.numbers);
}

inline result<void, file_error> write_results(const std::string& path, const tensors& results) {
  std::vector<tensor_to_write> list;
  for (const auto& [name, value] : results) list.push_back(to_write(name, value));
  return write_safetensors(path, list);
}

}  // namespace typeformer::conformance
