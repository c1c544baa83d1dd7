// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <map>
#include <string>
#include <vector>

#include <typeformer/hosted/formats/checkpoint_file.hpp>

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

}  // namespace typeformer::conformance
