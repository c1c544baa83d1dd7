// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

namespace detail::summary_table {

/// A line of text, composed without heap.
class line {
 public:
  constexpr void add(char c) {
    if (size_ < maximum_size) characters_[size_++] = c;
  }
  constexpr void add(std::string_view text) {
    for (char c : text) add(c);
  }
  /// Like 124,439,808.
  constexpr void add_grouped(std::int64_t number) {
    if (number >= 1000) {
      add_grouped(number / 1000);
      add(',');
      if (number % 1000 < 100) add('0');
      if (number % 1000 < 10) add('0');
    }
    add_plain(number >= 1000 ? number % 1000 : number);
  }
  constexpr void add_plain(std::int64_t number) {
    if (number >= 10) add_plain(number / 10);
    add(char('0' + number % 10));
  }
  constexpr void pad_to(std::size_t column) {
    while (size_ < column && size_ < maximum_size) add(' ');
  }
  constexpr std::size_t size() const { return size_; }
  constexpr std::string_view view() const { return {characters_, size_}; }

 private:
  static constexpr std::size_t maximum_size = maximum_name + 128;
  char characters_[maximum_size]{};
  std::size_t size_ = 0;
};

constexpr line path_text(const leaf& l) {
  line text;
  spell(l, [&](char c) { text.add(c); });
  return text;
}
constexpr line shape_text(const leaf& l) {
  line text;
  text.add_plain(l.rows);
  if (l.kind != parameter_kind::vector) {
    text.add(" x ");
    text.add_plain(l.columns);
  }
  return text;
}
constexpr line blocks_text(const leaf& l) {
  line text;
  for (index_type count : l.count)
    if (count > 0) {
      if (text.size() > 0) text.add(" x ");
      text.add_plain(count);
    }
  return text;
}
constexpr line number_text(std::int64_t number) {
  line text;
  text.add_grouped(number);
  return text;
}
constexpr std::int64_t scalars_of(const leaf& l) {
  std::int64_t scalars = std::int64_t(l.rows) * l.columns;
  for (index_type count : l.count) scalars *= count > 0 ? count : 1;
  return scalars;
}

/// The widths of the table's columns.
struct columns {
  std::size_t path, shape, blocks, scalars;

  constexpr void make_room_for(const leaf& l) {
    path = (std::max)(path, path_text(l).size());
    shape = (std::max)(shape, shape_text(l).size());
    blocks = (std::max)(blocks, blocks_text(l).size());
  }

  constexpr line row(std::string_view path_cell, std::string_view shape_cell, std::string_view blocks_cell,
                     std::string_view scalars_cell) const {
    line text;
    text.add(path_cell);
    text.pad_to(path + 2);
    text.add(shape_cell);
    text.pad_to(path + shape + 4 + blocks - blocks_cell.size());
    text.add(blocks_cell);
    text.pad_to(path + shape + blocks + 6 + scalars - scalars_cell.size());
    text.add(scalars_cell);
    text.add('\n');
    return text;
  }
};

}  // namespace detail::summary_table

/// Writes a table of the model's parameters in canonical order: path (`*` is the number of the block), shape, number of
/// blocks, and number of scalars. `summarize<Model>(sink)` calls `sink(std::string_view)` once per line, with its line
/// feed. Nothing is allocated.
template <Model M> struct summary {
  template <class Sink> constexpr void operator()(Sink&& sink) const {
    using namespace detail::summary_table;
    constexpr const parameter_layout& layout = layout_of<M>;
    const line total = number_text(layout.parameters);
    columns table{9, 5, 6, std::max<std::size_t>(7, total.size())};
    for (int i = 0; i < layout.leaf_count; ++i) table.make_room_for(layout.leaves[i]);
    sink(table.row("parameter", "shape", "blocks", "scalars").view());
    for (int i = 0; i < layout.leaf_count; ++i) {
      const leaf& l = layout.leaves[i];
      const line path = path_text(l), shape = shape_text(l), blocks = blocks_text(l),
                 scalars = number_text(scalars_of(l));
      sink(table.row(path.view(), shape.view(), blocks.view(), scalars.view()).view());
    }
    sink(table.row("total", "", "", total.view()).view());
  }
};
template <Model M> inline constexpr summary<M> summarize{};

}  // namespace typeformer
