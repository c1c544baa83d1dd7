// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/read_blocks.hpp>
#include <typeformer/hosted/formats/read_tensor.hpp>

namespace typeformer {

namespace detail {

/// In the file's order.
TYPEFORMER_RARE inline result<void, file_error> read_in_file_order(stored_tensor tensor, std::size_t first,
                                                                   std::span<float> out) {
  if (!is_read_as_floats(tensor.dtype))
    return failure{tensor.error("wrong element type", names_of_float_types, name_of(tensor.dtype))};
  if (const block_decoder decoder = block_decoder_of(tensor.dtype); decoder.decode)
    return read_blocks(tensor, decoder, first, out);
  tensor.decode = nullptr;
  return read_floats(tensor, first, out);
}

/// Zeros for rows that the file lacks, then those that it has.
TYPEFORMER_RARE inline result<void, file_error> read_after_absent(stored_tensor tensor, std::size_t first,
                                                                  std::span<float> out) {
  const std::size_t absent = tensor.absent_element_count();
  const std::size_t zeros = first < absent ? std::min(absent - first, out.size()) : 0;
  std::fill_n(out.begin(), zeros, 0.0F);
  tensor.order.absent_rows = 0;
  return read_in_file_order(tensor, first + zeros - std::min(absent, first + zeros), out.subspan(zeros));
}

TYPEFORMER_RARE inline result<void, file_error> read_transposed(const stored_tensor& tensor, std::size_t first,
                                                                std::span<float> out) {
  std::vector<float> stored(out.empty() ? 0 : tensor.element_count());
  const auto read = read_in_file_order(tensor, 0, stored);
  const auto columns = static_cast<std::size_t>(tensor.shape.back());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t row = (first + i) / columns, column = (first + i) % columns;
    out[i] = stored[column * (stored.size() / columns) + row];
  }
  return read;
}

TYPEFORMER_RARE inline result<void, file_error> read_row_by_row(const stored_tensor& tensor, std::size_t first,
                                                                std::span<float> out) {
  const auto columns = static_cast<std::size_t>(tensor.shape.size() > 1 ? tensor.shape.back() : 1);
  result<void, file_error> read = read_in_file_order(tensor, 0, {});
  for (std::size_t done = 0; read && done < out.size();) {
    const std::size_t row = (first + done) / columns, column = (first + done) % columns;
    const std::size_t size = std::min(columns - column, out.size() - done);
    const auto stored_row = static_cast<std::size_t>(tensor.order.row_in_file(static_cast<std::int64_t>(row)));
    read = read_in_file_order(tensor, stored_row * columns + column, out.subspan(done, size));
    done += size;
  }
  return read;
}

}  // namespace detail

/// What `read_floats` does for tensors of block formats (see `quantization/block_formats.hpp`) and in other orders.
TYPEFORMER_RARE inline result<void, file_error> read_decoded(const stored_tensor& tensor, std::size_t first,
                                                             std::span<float> out) {
  auto read = tensor.order.is_transposed     ? detail::read_transposed(tensor, first, out)
              : tensor.order.swaps_rows()    ? detail::read_row_by_row(tensor, first, out)
              : tensor.order.absent_rows > 0 ? detail::read_after_absent(tensor, first, out)
                                             : detail::read_in_file_order(tensor, first, out);
  for (float& value : out) value -= tensor.order.added;
  return read;
}

/// The same tensor, stored in an order.
inline stored_tensor with_order(stored_tensor tensor, const stored_order& order) {
  tensor.decode = &read_decoded;
  tensor.order = order;
  return tensor;
}

}  // namespace typeformer
