// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string_view>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

namespace detail {

/// A line of text that is put together without heap.
class text_line {
 public:
  constexpr void add(char c) {
    if (size_ < maximum_line) characters_[size_++] = c;
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
    while (size_ < column && size_ < maximum_line) add(' ');
  }
  constexpr std::size_t size() const { return size_; }
  constexpr std::string_view view() const { return {characters_, size_}; }

 private:
  static constexpr std::size_t maximum_line = maximum_name + 128;
  char characters_[maximum_line]{};
  std::size_t size_ = 0;
};

constexpr text_line path_text(const leaf& l) {
  text_line text;
  spell(l, [&](char c) { text.add(c); });
  return text;
}
constexpr text_line shape_text(const leaf& l) {
  text_line text;
  text.add_plain(l.rows);
  if (l.kind != parameter_kind::vector) {
    text.add(" x ");
    text.add_plain(l.columns);
  }
  return text;
}
constexpr text_line blocks_text(const leaf& l) {
  text_line text;
  for (index count : l.count)
    if (count > 0) {
      if (text.size() > 0) text.add(" x ");
      text.add_plain(count);
    }
  return text;
}
constexpr text_line number_text(std::int64_t number) {
  text_line text;
  text.add_grouped(number);
  return text;
}
constexpr std::int64_t scalars_of(const leaf& l) {
  std::int64_t scalars = std::int64_t(l.rows) * l.columns;
  for (index count : l.count) scalars *= count > 0 ? count : 1;
  return scalars;
}

/// The widths of the table's columns.
struct table_columns {
  std::size_t path, shape, blocks, scalars;

  constexpr void make_room_for(const leaf& l) {
    path = std::max(path, path_text(l).size());
    shape = std::max(shape, shape_text(l).size());
    blocks = std::max(blocks, blocks_text(l).size());
  }

  constexpr text_line row(std::string_view path_cell, std::string_view shape_cell, std::string_view blocks_cell,
                          std::string_view scalars_cell) const {
    text_line line;
    line.add(path_cell);
    line.pad_to(path + 2);
    line.add(shape_cell);
    line.pad_to(path + shape + 4 + blocks - blocks_cell.size());
    line.add(blocks_cell);
    line.pad_to(path + shape + blocks + 6 + scalars - scalars_cell.size());
    line.add(scalars_cell);
    line.add('\n');
    return line;
  }
};

}  // namespace detail

/// Writes a table of the model's parameters in the order of the array: path (`*` is the block's number), shape, in how
/// many blocks, and how many scalars that makes. `summarise<Model>(sink)` calls `sink(std::string_view)` for one line
/// after the other, each with its line feed; nothing is allocated.
template <Model M> struct summary {
  template <class Sink> constexpr void operator()(Sink&& sink) const {
    constexpr const parameter_layout& layout = layout_of<M>;
    const detail::text_line total = detail::number_text(layout.parameters);
    detail::table_columns columns{9, 5, 6, std::max<std::size_t>(7, total.size())};
    for (int i = 0; i < layout.leaf_count; ++i) columns.make_room_for(layout.leaves[i]);
    sink(columns.row("parameter", "shape", "blocks", "scalars").view());
    for (int i = 0; i < layout.leaf_count; ++i) {
      const leaf& l = layout.leaves[i];
      sink(columns.row(detail::path_text(l).view(), detail::shape_text(l).view(), detail::blocks_text(l).view(),
                       detail::number_text(detail::scalars_of(l)).view())
               .view());
    }
    sink(columns.row("total", "", "", total.view()).view());
  }
};
template <Model M> inline constexpr summary<M> summarise{};

}  // namespace typeformer
