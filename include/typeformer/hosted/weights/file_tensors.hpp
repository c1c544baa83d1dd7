// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/file_error.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// One tensor of a file and the rows of the canonical parameters that it holds, one part after the other.
struct file_tensor {
  struct part {
    index offset = 0, rows = 0;
  };
  std::string name;
  file_layout layout = file_layout::as_is;
  parameter_kind kind = parameter_kind::vector;
  index rows = 0, columns = 0;  ///< of all parts together, canonical
  std::vector<part> parts;

  /// As the file stores it.
  std::vector<std::int64_t> shape() const {
    if (kind == parameter_kind::vector) return {rows};
    if (layout == file_layout::transposed) return {columns, rows};
    return {rows, columns};
  }
};

namespace detail {

/// Reads `name` as `pattern`, in which `*` stands for a number; collects the numbers.
TYPEFORMER_RARE inline bool read_numbers(std::string_view pattern, std::string_view name, std::vector<std::string_view>& numbers) {
  numbers.clear();
  std::size_t n = 0;
  for (const char p : pattern) {
    if (p != '*') {
      if (n == name.size() || name[n] != p) return false;
      ++n;
      continue;
    }
    const std::size_t first = n;
    while (n < name.size() && name[n] >= '0' && name[n] <= '9') ++n;
    if (n == first) return false;
    numbers.push_back(name.substr(first, n - first));
  }
  return n == name.size();
}

/// Writes the numbers, each larger by `shift`, in place of the pattern's `*`.
TYPEFORMER_RARE inline std::string put_numbers(std::string_view pattern, const std::vector<std::string_view>& numbers,
                                               index shift = 0) {
  std::string text;
  std::size_t used = 0;
  for (const char p : pattern) {
    if (p != '*' || used == numbers.size()) {
      text += p;
      continue;
    }
    const std::string_view number = numbers[used++];
    index value = 0;
    if (shift != 0 && std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{})
      text += std::to_string(value + shift);
    else text += number;
  }
  return text;
}

struct file_place {
  std::string name;
  file_layout layout = file_layout::as_is;
  std::size_t part = 0, part_count = 1;
};

/// Where a canonical tensor lies in files; without a rule under its own name.
TYPEFORMER_RARE inline file_place place_in_file(const file_names& names, std::string_view canonical) {
  std::vector<std::string_view> numbers;
  for (int r = 0; r < names.rule_count; ++r) {
    const file_tensor_rule& rule = names.rules[r];
    std::size_t parts = 0;
    while (parts < rule.leaves.size() && rule.leaves[parts]) ++parts;
    for (std::size_t part = 0; part < parts; ++part)
      if (read_numbers(rule.leaves[part], canonical, numbers))
        return {put_numbers(rule.file, numbers, names.first_block), rule.layout, part, parts};
  }
  return {std::string(canonical), file_layout::as_is, 0, 1};
}

}  // namespace detail

/// The tensors of a model's file in the order of the parameters.
TYPEFORMER_RARE inline std::vector<file_tensor> file_tensors_of(const parameter_layout& layout, const file_names& names) {
  std::vector<file_tensor> tensors;
  for_each_tensor(layout, [&](const parameter_tensor& tensor) {
    const detail::file_place place = detail::place_in_file(names, tensor.name());
    file_tensor* entry = nullptr;
    // Parts of one file tensor lie close together: blocks are visited leaf by leaf.
    for (auto known = tensors.rbegin(); known != tensors.rend() && place.part_count > 1; ++known)
      if (known->name == place.name) {
        entry = &*known;
        break;
      }
    if (!entry) {
      entry = &tensors.emplace_back();
      entry->name = place.name;
      entry->layout = place.layout;
      entry->kind = tensor.of->kind;
      entry->columns = tensor.of->columns;
      entry->parts.resize(place.part_count);
    }
    entry->parts[place.part] = {tensor.offset, tensor.of->rows};
    entry->rows += tensor.of->rows;
  });
  return tensors;
}

}  // namespace typeformer
