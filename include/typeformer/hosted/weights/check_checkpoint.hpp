// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <typeformer/hosted/formats/model_tensors.hpp>
#include <typeformer/hosted/formats/read_tensor.hpp>
#include <typeformer/hosted/weights/file_tensors.hpp>
#include <typeformer/hosted/weights/named_tensors.hpp>

namespace typeformer {

namespace detail {

inline bool same_shape(std::span<const std::int64_t> found, const std::vector<std::int64_t>& expected) {
  return std::equal(found.begin(), found.end(), expected.begin(), expected.end());
}

TYPEFORMER_RARE inline result<void, file_error> check_tensor(const stored_tensor& found,
                                                             const std::vector<std::int64_t>& expected) {
  if (auto converted = read_floats(found, 0, {}); !converted) return converted;
  if (!same_shape(found.shape, expected))
    return failure{found.error("wrong shape", shape_text(expected), shape_text(found.shape))};
  return {};
}

/// A tied head that is stored in addition must equal the table.
TYPEFORMER_RARE inline result<void, file_error> check_copy(const named_tensors& source, const stored_tensor& copy,
                                                           const file_tensor& table) {
  if (const auto checked = check_tensor(copy, table.shape()); !checked) return checked;
  const stored_tensor* const original = source.find(table.name);
  bool are_equal = false;
  auto compared = compare_bytes(copy, *original, are_equal);
  if (!compared || are_equal) return compared;
  return failure{
      copy.error("differs from the table that it is tied to", joined({"the values of ", table.name}), "others")};
}

}  // namespace detail

/// Whether a checkpoint holds exactly the wanted tensors: each of the right shape and a float type, and no other except
/// those that the rules ignore or that a model need not have.
///
/// Errors name the file, the tensor, what was expected and what was found.
TYPEFORMER_RARE inline result<void, file_error> check_checkpoint(const model_tensors& file,
                                                                 const std::vector<file_tensor>& wanted,
                                                                 const file_names& names) {
  const detail::named_tensors source{file, names};
  std::vector<char> used(file.tensors().size());
  for (const file_tensor& tensor : wanted) {
    const stored_tensor* found = source.find(tensor.name);
    if (!found && tensor.may_be_absent()) continue;
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
      const file_tensor* original = nullptr;  // std::find_if would be unrolled
      for (const file_tensor& t : wanted)
        if (t.name == table) original = &t;
      if (original) {
        if (auto checked = detail::check_copy(source, tensor, *original); !checked) return checked;
        continue;
      }
    }
    return failure{tensor.error("the model has no such tensor", "", shape_text(tensor.shape))};
  }
  return {};
}

}  // namespace typeformer
