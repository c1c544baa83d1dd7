// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/hosted/formats/safetensors_writer.hpp>

#include "tensors.hpp"

namespace typeformer::conformance {

inline result<void, file_error> write_results(const std::string& path, const tensors& results) {
  std::vector<tensor_to_write> list;
  for (const auto& [name, value] : results)
    list.push_back(value.ids.empty() ? f32_tensor(name, value.shape, value.numbers) : i64_tensor(name, value.shape, value.ids));
  return write_safetensors(path, list);
}

}  // namespace typeformer::conformance
