// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>
#include <typeformer/hosted/formats/tensor_list.hpp>

namespace typeformer {

/// The tensors of a model, from files of whatever format: what `load` reads.
class model_tensors {
 public:
  std::span<const stored_tensor> tensors() const { return tensors_.tensors(); }
  /// The tensor of that name, or null.
  const stored_tensor* find(std::string_view name) const { return tensors_.find(name); }
  /// The tensor of that name and shape. Errors: missing, another shape.
  TYPEFORMER_RARE result<stored_tensor, file_error> find(std::string_view name,
                                                         std::span<const std::int64_t> shape) const {
    const stored_tensor* const tensor = find(name);
    if (tensor == nullptr) return failure{file_error{path_, name, "missing", shape_text(shape)}};
    bool same = tensor->shape.size() == shape.size();
    for (std::size_t axis = 0; same && axis < shape.size(); ++axis) same = tensor->shape[axis] == shape[axis];
    if (!same) return failure{tensor->error("wrong shape", shape_text(shape), shape_text(tensor->shape))};
    return *tensor;
  }
  /// The file or index that was opened, for errors.
  const std::string& path() const { return path_; }

 protected:
  model_tensors() = default;

  std::string path_;
  tensor_list tensors_;
};

}  // namespace typeformer
