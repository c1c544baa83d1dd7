// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

namespace detail {

/// Σ of squares of each part of a matrix's rows or columns, for the matrix of a block whose name ends like that.
template <Model M, class S>
std::vector<double> squares_of_parts(const parameters<M, S>& values, index_type block, std::string_view name,
                                     bool in_rows, index_type parts) {
  std::vector<double> squares(static_cast<std::size_t>(parts));
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& tensor) {
    if (tensor.block[0] != block || !tensor.name().view().ends_with(name)) return;
    const index_type rows = tensor.of->rows, columns = tensor.of->columns, all = in_rows ? rows : columns,
                     size = all / parts;
    TYPEFORMER_PRECONDITION(size > 0 && all % parts == 0);
    for (index_type r = 0; r < rows; ++r)
      for (index_type c = 0; c < columns; ++c) {
        const auto part = static_cast<std::size_t>((in_rows ? r : c) / size);
        const double number = double(values.of(tensor)[r * columns + c]);
        squares[part] += number * number;
      }
  });
  return squares;
}

inline std::vector<double> roots_of_products(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::sqrt(a[i] * b[i]);
  return a;
}

}  // namespace detail

/// How much each head of a block's attention can add: ‖W_value‖ · ‖W_output‖ of its rows and columns (Frobenius norms).
/// The magnitude for pruning (Han et al. 2015, arXiv:1506.02626) of a whole head. Precondition: the attention has this
/// number of heads, of keys and values as well.
template <Model M, class S>
std::vector<double> head_strengths(const parameters<M, S>& values, index_type block, index_type heads) {
  TYPEFORMER_PRECONDITION(heads > 0);
  return detail::roots_of_products(detail::squares_of_parts(values, block, "attention.value.weight", true, heads),
                                   detail::squares_of_parts(values, block, "attention.output.weight", false, heads));
}

/// The same of the hidden units of a block's feed-forward: ‖W_up‖ · ‖W_down‖.
template <Model M, class S>
std::vector<double> hidden_strengths(const parameters<M, S>& values, index_type block, index_type hidden) {
  TYPEFORMER_PRECONDITION(hidden > 0);
  return detail::roots_of_products(detail::squares_of_parts(values, block, "feed_forward.up.weight", true, hidden),
                                   detail::squares_of_parts(values, block, "feed_forward.down.weight", false, hidden));
}

/// The numbers of the strongest parts, ascending. Precondition: `count` is at most their number.
///
/// ```cpp
///   const auto heads = tf::strongest(tf::head_strengths(values, block, 8), 4);
/// ```
inline std::vector<index_type> strongest(const std::vector<double>& strengths, index_type count) {
  TYPEFORMER_PRECONDITION(count >= 0 && static_cast<std::size_t>(count) <= strengths.size());
  std::vector<index_type> order(strengths.size());
  std::iota(order.begin(), order.end(), index_type{0});
  std::stable_sort(order.begin(), order.end(), [&](index_type a, index_type b) {
    return strengths[static_cast<std::size_t>(a)] > strengths[static_cast<std::size_t>(b)];
  });
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace typeformer
