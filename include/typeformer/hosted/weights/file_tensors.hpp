// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// One tensor of a file and the rows of the canonical parameters that it holds, one part after the other.
struct file_tensor {
  struct part {
    index_type offset = 0, rows = 0;
  };
  std::string name;
  file_layout layout = file_layout::as_is;
  parameter_kind kind = parameter_kind::vector;
  index_type rows = 0, columns = 0;  ///< of all parts together, canonical
  std::vector<part> parts;
  std::optional<float> constant;        ///< of all values if the file has no such tensor, which is not written
  value_of_place otherwise = nullptr;   ///< the same, of each value; without both the tensor is required
  std::vector<std::int64_t> own_shape;  ///< of the file, if a rule gives one

  bool may_be_absent() const { return constant || otherwise; }
  /// The number in a row and a column of a tensor that is absent.
  float value(index_type row, index_type column) const { return constant ? *constant : float(otherwise(row, column)); }
  /// As the file stores it.
  std::vector<std::int64_t> shape() const {
    if (!own_shape.empty()) return own_shape;
    if (kind == parameter_kind::vector) return {rows};
    if (layout == file_layout::transposed) return {columns, rows};
    return {rows, columns};
  }
};

namespace detail {

/// Matches `name` with `pattern`, in which `*` and `#` are numbers. Collects those of `*`.
TYPEFORMER_RARE inline bool read_numbers(std::string_view pattern, std::string_view name,
                                         std::vector<std::string_view>& numbers) {
  numbers.clear();
  std::size_t n = 0;
  for (const char p : pattern) {
    if (p != '*' && p != '#') {
      if (n == name.size() || name[n] != p) return false;
      ++n;
      continue;
    }
    const std::size_t first = n;
    while (n < name.size() && name[n] >= '0' && name[n] <= '9') ++n;
    if (n == first) return false;
    if (p == '*') numbers.push_back(name.substr(first, n - first));
  }
  return n == name.size();
}

/// Replaces the pattern's `*` by the numbers, each increased by `shift`, and `#` by `piece`.
TYPEFORMER_RARE inline std::string put_numbers(std::string_view pattern, const std::vector<std::string_view>& numbers,
                                               index_type shift = 0, index_type piece = 0) {
  std::string text;
  std::size_t used = 0;
  for (const char p : pattern) {
    if (p == '#') {
      text += digits_of(piece);
      continue;
    }
    if (p != '*' || used == numbers.size()) {
      text += p;
      continue;
    }
    const std::string_view number = numbers[used++];
    index_type value = 0;
    if (shift != 0 && std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{})
      text += digits_of(value + shift);
    else text += number;
  }
  return text;
}

/// A run of rows of a canonical tensor, and its place in files.
struct file_place {
  std::string name;
  file_layout layout = file_layout::as_is;
  std::size_t part = 0, part_count = 1;
  index_type first_row = 0, rows = 0;
  std::optional<float> constant;
  std::vector<std::int64_t> shape;
  value_of_place otherwise = nullptr;
};

/// The places of the runs of rows that a rule takes from its leaf number `part`.
TYPEFORMER_RARE inline void add_places(const file_names& names, const file_tensor_rule& rule, std::size_t part,
                                       const std::vector<std::string_view>& numbers, const parameter_tensor& tensor,
                                       std::vector<file_place>& places) {
  const index_type rows = rule.row_count ? rule.row_count : tensor.of->rows - rule.first_row;
  if (!rule.file) {
    std::string name(tensor.name().view());
    if (rule.row_count)
      name += joined({".row_", digits_of(rule.first_row)});  // the leaf's name may be another tensor's
    places.push_back({std::move(name), rule.layout, 0, 1, rule.first_row, rows, float(rule.constant), {}, nullptr});
    return;
  }
  const bool is_one_tensor = std::string_view(rule.file).find('#') == std::string_view::npos;
  const std::size_t leaves = std::size_t(rule.leaf_count());
  for (index_type piece = 0; piece < rule.pieces; ++piece)
    places.push_back({put_numbers(rule.file, numbers, names.first_block, piece),
                      rule.layout,
                      is_one_tensor ? std::size_t(piece) * leaves + part : part,
                      is_one_tensor ? std::size_t(rule.pieces) * leaves : leaves,
                      rule.first_row + piece * (rows / rule.pieces),
                      rows / rule.pieces,
                      {},
                      {rule.shape.begin(), rule.shape.begin() + rule.rank()},
                      rule.otherwise});
}

/// The places of a canonical tensor in files; without a rule, under its own name.
TYPEFORMER_RARE inline std::vector<file_place> places_in_file(const file_names& names, const parameter_tensor& tensor) {
  const tensor_name canonical = tensor.name();
  std::vector<file_place> places;
  std::vector<std::string_view> numbers;
  for (int r = 0; r < names.rule_count; ++r)
    for (int part = 0; part < names.rules[r].leaf_count(); ++part)
      if (read_numbers(names.rules[r].leaves[std::size_t(part)], canonical.view(), numbers))
        add_places(names, names.rules[r], std::size_t(part), numbers, tensor, places);
  if (places.empty())
    places.push_back({std::string(canonical.view()), file_layout::as_is, 0, 1, 0, tensor.of->rows, {}, {}, nullptr});
  return places;
}

/// The name in files of a parameter that is one tensor.
TYPEFORMER_RARE inline std::string name_in_file(const file_names& names, std::string_view canonical) {
  std::vector<std::string_view> numbers;
  for (int r = 0; r < names.rule_count; ++r)
    if (names.rules[r].file && read_numbers(names.rules[r].leaves[0], canonical, numbers))
      return put_numbers(names.rules[r].file, numbers, names.first_block);
  return std::string(canonical);
}

}  // namespace detail

/// The tensors of a model's file in the order of the parameters.
TYPEFORMER_RARE inline std::vector<file_tensor> file_tensors_of(const parameter_layout& layout,
                                                                const file_names& names) {
  std::vector<file_tensor> tensors;
  for_each_tensor(layout, [&](const parameter_tensor& tensor) {
    for (const detail::file_place& place : detail::places_in_file(names, tensor)) {
      file_tensor* entry = nullptr;
      // Parts of one file tensor are close together: blocks are visited leaf by leaf.
      for (std::size_t known = place.part_count > 1 ? tensors.size() : 0; known-- > 0 && !entry;)
        if (tensors[known].name == place.name) entry = &tensors[known];
      if (!entry) {
        entry = &tensors.emplace_back();
        entry->name = place.name;
        entry->layout = place.layout;
        entry->kind = tensor.of->kind;
        entry->columns = tensor.of->columns;
        entry->parts.resize(place.part_count);
        entry->constant = place.constant;
        entry->own_shape = place.shape;
        entry->otherwise = place.otherwise;
      }
      entry->parts[place.part] = {tensor.offset + place.first_row * tensor.of->columns, place.rows};
      entry->rows += place.rows;
    }
  });
  return tensors;
}

}  // namespace typeformer
