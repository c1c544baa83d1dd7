// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/formats/model_tensors.hpp>
#include <typeformer/hosted/formats/read_tensor.hpp>
#include <typeformer/hosted/weights/file_tensors.hpp>
#include <typeformer/hosted/weights/named_tensors.hpp>

namespace typeformer {

namespace detail {

/// Whether all numbers are finite. A block is looked at as a whole, so that compilers use vectors.
inline bool are_finite(std::span<const float> values) {
  constexpr std::size_t block = 512;
  while (values.size() >= block) {
    std::uint32_t others = 0;
    for (std::size_t i = 0; i < block; ++i) others |= is_finite(values[i]) ? 0u : 1u;
    if (others != 0) return false;
    values = values.subspan(block);
  }
  return std::all_of(values.begin(), values.end(), [](float x) { return is_finite(x); });
}

/// Writes rows [rows][columns] from a matrix that is stored as [columns][stride], in squares that stay in the cache.
inline void copy_transposed(const float* stored, index_type stride, index_type rows, index_type columns, float* out) {
  constexpr index_type side = 16;
  for (index_type row = 0; row < rows; row += side)
    for (index_type column = 0; column < columns; column += side)
      for (index_type r = row; r < (std::min)(row + side, rows); ++r)
        for (index_type c = column; c < (std::min)(column + side, columns); ++c)
          out[r * columns + c] = stored[c * stride + r];
}

/// Whether all values of a tensor, given in the file's order, are finite. Errors name the first that is not.
TYPEFORMER_RARE inline result<void, file_error> check_finite(const stored_tensor& tensor, std::size_t first,
                                                             std::span<const float> values) {
  if (are_finite(values)) return {};
  const auto bad = std::find_if(values.begin(), values.end(), [](float x) { return !is_finite(x); });
  return failure{tensor.error("a number is not finite", {},
                              joined({"element ", digits_of(first + std::size_t(bad - values.begin()))}))};
}

}  // namespace detail

/// The numbers that weights may have when they are read.
enum class accepted_numbers {
  finite,  ///< any other is an error that names tensor and element
  any      ///< to inspect training that has failed
};

/// Reads all tensors into canonical parameters. Precondition: `check_checkpoint` found nothing wrong.
///
/// Errors, after which a part is read: a number that is not finite (or not within a float's range), unless `accepts`
/// says otherwise; a file that was shortened meanwhile.
inline result<void, file_error> read_checkpoint(const model_tensors& file, const std::vector<file_tensor>& wanted,
                                                const file_names& names, float* canonical,
                                                accepted_numbers accepts = accepted_numbers::finite) {
  const detail::named_tensors source{file, names};
  std::vector<float> stored;
  for (const file_tensor& tensor : wanted) {
    const stored_tensor* const there = source.find(tensor.name);
    if (!there) {
      index_type first = 0;
      for (const file_tensor::part& part : tensor.parts) {
        for (index_type i = 0; i < part.rows * tensor.columns; ++i)
          canonical[part.offset + i] = tensor.value(first + i / tensor.columns, i % tensor.columns);
        first += part.rows;
      }
      continue;
    }
    const stored_tensor& found = *there;
    if (tensor.layout != file_layout::transposed) {
      std::size_t first = 0;
      for (const file_tensor::part& part : tensor.parts) {
        const std::size_t size = std::size_t(part.rows * tensor.columns);
        const std::span values(canonical + part.offset, size);
        if (auto read = read_floats(found, first, values); !read) return read;
        if (accepts == accepted_numbers::finite)
          if (auto checked = detail::check_finite(found, first, values); !checked) return checked;
        first += size;
      }
      continue;
    }
    stored.resize(std::size_t(tensor.rows * tensor.columns));
    if (auto read = read_floats(found, stored); !read) return read;
    if (accepts == accepted_numbers::finite)
      if (auto checked = detail::check_finite(found, 0, stored); !checked) return checked;
    index_type first = 0;
    for (const file_tensor::part& part : tensor.parts) {
      detail::copy_transposed(stored.data() + first, tensor.rows, part.rows, tensor.columns, canonical + part.offset);
      first += part.rows;
    }
  }
  return {};
}

/// The same for parameters that do not change after an error. Needs a second copy of what is read while it reads.
TYPEFORMER_RARE inline result<void, file_error> read_checkpoint_whole(const model_tensors& file,
                                                                      const std::vector<file_tensor>& wanted,
                                                                      const file_names& names, float* canonical) {
  std::vector<file_tensor> packed = wanted;
  index_type size = 0;
  for (file_tensor& tensor : packed)
    for (file_tensor::part& part : tensor.parts) {
      part.offset = size;
      size += part.rows * tensor.columns;
    }
  std::vector<float> values(static_cast<std::size_t>(size));
  if (auto read = read_checkpoint(file, packed, names, values.data()); !read) return read;
  const float* next = values.data();
  for (const file_tensor& tensor : wanted)
    for (const file_tensor::part& part : tensor.parts) {
      std::copy_n(next, part.rows * tensor.columns, canonical + part.offset);
      next += part.rows * tensor.columns;
    }
  return {};
}

}  // namespace typeformer
