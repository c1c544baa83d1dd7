// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/contract/model.hpp>

namespace typeformer {

/// The parameters of a model as one flat array: leaves with names, extents and offsets. It is the same for every use.
struct parameter_layout {
  const leaf* leaves = nullptr;
  int leaf_count = 0;
  std::int64_t parameters = 0;
};

template <Model M>
inline constexpr parameter_layout layout_of{parameter_plan<M>::value.leaves.data(), parameter_plan<M>::value.leaf_count,
                                            parameter_plan<M>::value.parameters};

/// Room for the longest name of a tensor.
inline constexpr std::size_t maximum_name = 192;

/// The name of a tensor, composed without heap.
class tensor_name {
 public:
  constexpr void append(std::string_view text) {
    for (char c : text)
      if (size_ + 1 < maximum_name) characters_[size_++] = c;
  }
  constexpr void append(index_type number) {
    if (number >= 10) append(number / 10);
    const char digit[] = {char('0' + number % 10)};
    append(std::string_view(digit, 1));
  }
  constexpr std::string_view view() const { return {characters_, size_}; }
  constexpr operator std::string_view() const { return view(); }

 private:
  char characters_[maximum_name]{};
  std::size_t size_ = 0;
};

/// One tensor: a leaf in one block.
struct parameter_tensor {
  const leaf* of = nullptr;
  std::array<index_type, maximum_loop_depth> block{};
  index_type offset = 0;

  constexpr index_type size() const { return of->rows * of->columns; }

  /// For example `blocks.3.attention.query.weight`.
  constexpr tensor_name name() const {
    tensor_name text;
    std::size_t loop = 0;
    for (int i = 0; i < of->path_length; ++i) {
      const path_part& part = of->path[std::size_t(i)];
      if (part.is_word()) text.append(part.word);
      else text.append(part.number >= 0 ? index_type(part.number) : block[loop++]);
      text.append(".");
    }
    text.append(of->name);
    return text;
  }
};

/// Calls `visit(parameter_tensor)` for every tensor in the order of the array.
template <class Visit> constexpr void for_each_tensor(const parameter_layout& layout, Visit&& visit) {
  for (int i = 0; i < layout.leaf_count; ++i) {
    const leaf& l = layout.leaves[i];
    const auto blocks = [&](std::size_t d) { return l.count[d] > 0 ? l.count[d] : 1; };
    for (index_type a = 0; a < blocks(0); ++a)
      for (index_type b = 0; b < blocks(1); ++b)
        for (index_type c = 0; c < blocks(2); ++c)
          visit(parameter_tensor{&l, {a, b, c}, l.offset + a * l.stride[0] + b * l.stride[1] + c * l.stride[2]});
  }
}

/// Whether a tensor is the first part of a product's right operand: several leaves may be one matrix.
constexpr bool is_first_of_operand(const parameter_layout& layout, const parameter_tensor& t) {
  return t.of == layout.leaves || (t.of - 1)->operand != t.of->operand;
}

/// The rows of the operand of which a tensor is the first part.
constexpr index_type rows_of_operand(const parameter_layout& layout, const parameter_tensor& first) {
  index_type rows = 0;
  for (const leaf* l = first.of; l != layout.leaves + layout.leaf_count && l->operand == first.of->operand; ++l)
    rows += l->rows;
  return rows;
}

}  // namespace typeformer
