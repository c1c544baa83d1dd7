// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/weights/file_tensors.hpp>
#include <typeformer/parameters/name_pattern.hpp>

namespace typeformer {

namespace detail {

inline bool is_float(tensor_dtype dtype) {
  return dtype == tensor_dtype::f32 || dtype == tensor_dtype::f16 || dtype == tensor_dtype::bf16 ||
         dtype == tensor_dtype::f64;
}

/// The tensors of an opened checkpoint by the names of the rules, whether or not the file leaves the prefix out, ends
/// names in an older way or has the table of a tied head under the head's name only.
class named_tensors {
 public:
  named_tensors(const checkpoint_file& file, const file_names& names)
      : file_{file}, names_{names}, prefix_{names.optional_prefix} {
    has_prefix_ = prefix_.empty();
    for (const stored_tensor& tensor : file.tensors()) has_prefix_ = has_prefix_ || tensor.name.starts_with(prefix_);
  }
  const stored_tensor* find(std::string_view full) const {
    std::string_view name = full;
    if (!has_prefix_ && name.starts_with(prefix_)) name.remove_prefix(prefix_.size());
    const stored_tensor* const found = file_.find(name);
    return found ? found : find_otherwise(full, name);
  }
  bool reads_as(std::string_view pattern, std::string_view name) const {
    if (!has_prefix_ && pattern.starts_with(prefix_)) pattern.remove_prefix(prefix_.size());
    return matches(pattern, name);
  }

 private:
  TYPEFORMER_RARE const stored_tensor* find_otherwise(std::string_view full, std::string_view name) const {
    for (const auto& [ending, older] : names_.older_endings)
      if (ending && name.ends_with(ending)) {
        const std::string_view beginning = name.substr(0, name.size() - std::string_view(ending).size());
        if (const stored_tensor* const found = file_.find(std::string(beginning) + older)) return found;
      }
    const auto& [head, table] = names_.copy_of_the_table;
    return head && name_in_file(names_, table) == full ? file_.find(head) : nullptr;
  }

  const checkpoint_file& file_;
  const file_names& names_;
  std::string_view prefix_;
  bool has_prefix_ = false;
};

TYPEFORMER_RARE inline bool reads_as_any(const named_tensors& source, std::span<const char* const> patterns,
                                         std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const char* pattern) { return pattern && source.reads_as(pattern, name); });
}
TYPEFORMER_RARE inline bool is_ignored(const named_tensors& source, const file_names& names, std::string_view name) {
  return reads_as_any(source, names.ignored, name);
}

inline bool same_shape(std::span<const std::int64_t> found, const std::vector<std::int64_t>& expected) {
  return std::equal(found.begin(), found.end(), expected.begin(), expected.end());
}

TYPEFORMER_RARE inline result<void, file_error> check_tensor(const stored_tensor& found,
                                                             const std::vector<std::int64_t>& expected) {
  if (!is_float(found.dtype))
    return failure{found.error("wrong element type", "F32, F16, BF16 or F64", std::string(name_of(found.dtype)))};
  if (!same_shape(found.shape, expected))
    return failure{found.error("wrong shape", shape_text(expected), shape_text(found.shape))};
  return {};
}

/// A tied head that is stored again must be the table.
TYPEFORMER_RARE inline result<void, file_error> check_copy(const named_tensors& source, const stored_tensor& copy,
                                                           const file_tensor& table) {
  if (const auto checked = check_tensor(copy, table.shape()); !checked) return checked;
  const stored_tensor* original = source.find(table.name);
  bool same = original->dtype == copy.dtype && original->bytes.size() == copy.bytes.size();
  result<void, file_error> read{};
  if (same)
    read = for_each_piece(copy, 1, 0, copy.bytes.size(), [&](std::size_t first, auto bytes) {
      std::byte of_the_table[8192];
      const std::span<std::byte> piece(of_the_table, bytes.size());
      same = same && copy_bytes(*original, first, piece) && std::equal(bytes.begin(), bytes.end(), piece.begin());
    });
  if (read && !same)
    return failure{copy.error("differs from the table that it is tied to", "the values of " + table.name, "others")};
  return read;
}

/// Whether all values of a tensor, given in the file's order, are finite. Errors name the first that is not.
TYPEFORMER_RARE inline result<void, file_error> check_finite(const stored_tensor& tensor, std::size_t first,
                                                             std::span<const float> values) {
  const auto bad = std::find_if(values.begin(), values.end(), [](float x) { return !is_finite(x); });
  if (bad == values.end()) return {};
  return failure{tensor.error("a number is not finite", {},
                              joined({"element ", digits_of(first + std::size_t(bad - values.begin()))}))};
}

}  // namespace detail

/// Whether a checkpoint holds exactly the tensors wanted: each there, of the right shape and a float type, and no other
/// beside those that the rules ignore or let a model do without.
///
/// Errors name the file, the tensor, what was expected and what was found.
TYPEFORMER_RARE inline result<void, file_error> check_checkpoint(const checkpoint_file& file,
                                                                 const std::vector<file_tensor>& wanted,
                                                                 const file_names& names) {
  const detail::named_tensors source{file, names};
  std::vector<char> used(file.tensors().size());
  for (const file_tensor& tensor : wanted) {
    const stored_tensor* found = source.find(tensor.name);
    if (!found && tensor.constant) continue;
    if (!found)
      return failure{file_error{std::string(file.path()), tensor.name, "is missing", shape_text(tensor.shape()),
                                "no such tensor"}};
    if (auto checked = detail::check_tensor(*found, tensor.shape()); !checked) return checked;
    used[std::size_t(found - file.tensors().data())] = true;
  }
  for (const stored_tensor& tensor : file.tensors()) {
    if (used[std::size_t(&tensor - file.tensors().data())] || detail::is_ignored(source, names, tensor.name) ||
        detail::reads_as_any(source, names.optional, tensor.name))
      continue;
    const char* const copy = names.copy_of_the_table[0];
    if (copy && tensor.name == copy) {
      const std::string table = detail::name_in_file(names, names.copy_of_the_table[1]);
      const auto original =
          std::find_if(wanted.begin(), wanted.end(), [&](const file_tensor& t) { return t.name == table; });
      if (original != wanted.end()) {
        if (auto checked = detail::check_copy(source, tensor, *original); !checked) return checked;
        continue;
      }
    }
    return failure{tensor.error("the model has no such tensor", "", shape_text(tensor.shape))};
  }
  return {};
}

/// Which numbers weights may have when they are read.
enum class accepted_numbers {
  finite,  ///< another is an error that names tensor and element
  any      ///< for a look at training that has failed
};

/// Reads all tensors into canonical parameters. Precondition: `check_checkpoint` found nothing wrong.
///
/// Errors, after which a part is read: a number that is not finite (or not within a float's range), unless `accepts`
/// says otherwise; a file that was shortened meanwhile.
inline result<void, file_error> read_checkpoint(const checkpoint_file& file, const std::vector<file_tensor>& wanted,
                                                const file_names& names, float* canonical,
                                                accepted_numbers accepts = accepted_numbers::finite) {
  const detail::named_tensors source{file, names};
  std::vector<float> stored;
  for (const file_tensor& tensor : wanted) {
    const stored_tensor* const there = source.find(tensor.name);
    if (!there) {
      for (const file_tensor::part& part : tensor.parts)
        std::fill_n(canonical + part.offset, part.rows * tensor.columns, *tensor.constant);
      continue;
    }
    const stored_tensor& found = *there;
    if (tensor.layout == file_layout::as_is) {
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
      for (index_type row = 0; row < part.rows; ++row)
        for (index_type column = 0; column < tensor.columns; ++column)
          canonical[part.offset + row * tensor.columns + column] =
              stored[std::size_t(column * tensor.rows + first + row)];
      first += part.rows;
    }
  }
  return {};
}

/// The same for parameters that stay as they are after an error. Needs a second copy of what is read while it reads.
TYPEFORMER_RARE inline result<void, file_error> read_checkpoint_whole(const checkpoint_file& file,
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

/// Whether a file may leave a tensor out: it holds nothing but its constant.
template <class Scalar> bool is_left_out(const file_tensor& tensor, const Scalar* canonical) {
  return tensor.constant && std::all_of(tensor.parts.begin(), tensor.parts.end(), [&](const file_tensor::part& part) {
           return std::all_of(
               canonical + part.offset, canonical + part.offset + part.rows * tensor.columns, [&](Scalar value) {
                 return std::bit_cast<std::uint32_t>(float(value)) == std::bit_cast<std::uint32_t>(*tensor.constant);
               });
         });
}

/// The values of a tensor in the file's own order.
template <class Scalar> std::vector<float> in_file_order(const file_tensor& tensor, const Scalar* canonical) {
  std::vector<float> stored(std::size_t(tensor.rows * tensor.columns));
  index_type first = 0;
  for (const file_tensor::part& part : tensor.parts) {
    for (index_type row = 0; row < part.rows; ++row)
      for (index_type column = 0; column < tensor.columns; ++column) {
        const index_type at = tensor.layout == file_layout::as_is ? (first + row) * tensor.columns + column
                                                                  : column * tensor.rows + first + row;
        stored[std::size_t(at)] = float(canonical[part.offset + row * tensor.columns + column]);
      }
    first += part.rows;
  }
  return stored;
}

}  // namespace typeformer
