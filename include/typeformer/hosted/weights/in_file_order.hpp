// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <vector>

#include <typeformer/hosted/weights/file_tensors.hpp>

namespace typeformer {

/// The values of a tensor in the file's own order.
template <class Scalar> std::vector<float> in_file_order(const file_tensor& tensor, const Scalar* canonical) {
  std::vector<float> stored(std::size_t(tensor.rows * tensor.columns));
  index_type first = 0;
  for (const file_tensor::part& part : tensor.parts) {
    for (index_type row = 0; row < part.rows; ++row)
      for (index_type column = 0; column < tensor.columns; ++column) {
        const index_type at = tensor.layout == file_layout::transposed ? column * tensor.rows + first + row
                                                                       : (first + row) * tensor.columns + column;
        stored[std::size_t(at)] = float(canonical[part.offset + row * tensor.columns + column]);
      }
    first += part.rows;
  }
  return stored;
}

}  // namespace typeformer
