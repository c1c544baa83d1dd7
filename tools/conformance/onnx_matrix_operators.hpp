// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "onnx_case.hpp"
#include "row_operators.hpp"

// ONNX operators of matrices and tables, by the float kernels.
namespace typeformer::conformance {

inline numbers<float> transposed(const float* x, index_type rows, index_type columns) {
  return with_axis_last(numbers<float>(x, x + rows * columns), {rows, columns}, 0, false);
}

/// [rows][inner] times [inner][columns]. The kernel takes the second one transposed.
inline numbers<float> product(const float* a, const float* b, index_type rows, index_type inner, index_type columns,
                              bool b_is_transposed = false) {
  const numbers<float> weight =
      b_is_transposed ? numbers<float>(b, b + inner * columns) : transposed(b, inner, columns);
  numbers<float> y = zeros<float>(rows * columns);
  kernels::linear<float>(rows, {a, inner}, row_major_view<const float>{weight.data(), columns, inner}, nullptr,
                         out(y, columns), workers);
  return y;
}

inline void compute_onnx_gemm(onnx_case& c) {
  attributes& given = c.attribute();
  const auto a = c.get(0), b = c.get(1);
  if (a.rank() != 2 || b.rank() != 2) throw wrong_case("a factor is no matrix");
  const bool turns_a = given.flag("transA"), turns_b = given.flag("transB");
  const index_type rows = a.extent(turns_a ? 1 : 0), inner = a.extent(turns_a ? 0 : 1),
                   columns = b.extent(turns_b ? 0 : 1);
  if (b.extent(turns_b ? 1 : 0) != inner) throw wrong_case("the factors do not fit");
  const auto left = turns_a ? transposed(a.values.data(), inner, rows) : a.values;
  numbers<float> y = product(left.data(), b.values.data(), rows, inner, columns, turns_b);
  const auto alpha = static_cast<float>(given.number("alpha", 1)), beta = static_cast<float>(given.number("beta", 1));
  for (float& number : y) number *= alpha;
  if (c.has(2)) {
    const auto added = broadcast(c.get(2), {rows, columns});
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += beta * added.values[i];
  }
  c.put(0, {rows, columns}, y);
}

/// Matrices in the last two axes. The axes before are broadcast. A vector is a row on the left, a column on the right.
inline void compute_onnx_matmul(onnx_case& c) {
  auto a = c.get(0), b = c.get(1);
  const bool left_vector = a.rank() == 1, right_vector = b.rank() == 1;
  if (left_vector) a.shape.insert(a.shape.begin(), 1);
  if (right_vector) b.shape.push_back(1);
  const index_type rows = a.extent(-2), inner = a.extent(-1), columns = b.extent(-1);
  if (b.extent(-2) != inner) throw wrong_case("the factors do not fit");
  const index_type rank = std::max(a.rank(), b.rank());
  for (auto* factor : {&a, &b})
    factor->shape.insert(factor->shape.begin(), static_cast<std::size_t>(rank - factor->rank()), 1);
  std::vector<std::int64_t> shape;  // of the products
  for (index_type axis = 0; axis < rank - 2; ++axis) {
    const std::int64_t of_a = a.extent(axis), of_b = b.extent(axis);
    if (of_a != of_b && of_a != 1 && of_b != 1) throw wrong_case("the factors do not fit");
    shape.push_back(of_a == 1 ? of_b : of_a);
  }
  const index_type products = product_of(shape, 0, rank - 2);
  const auto matrices_of = [&](const given_tensor<float>& factor) {
    std::vector<std::int64_t> all = shape;
    all.insert(all.end(), {factor.extent(-2), factor.extent(-1)});
    return broadcast(factor, all).values;
  };
  const numbers<float> left = matrices_of(a), right = matrices_of(b);
  numbers<float> y;
  for (index_type number = 0; number < products; ++number) {
    const auto one =
        product(left.data() + number * rows * inner, right.data() + number * inner * columns, rows, inner, columns);
    y.insert(y.end(), one.begin(), one.end());
  }
  if (!left_vector) shape.push_back(rows);
  if (!right_vector) shape.push_back(columns);
  c.put(0, shape, y);
}

/// Rows of tables whose elements are not floating-point numbers.
inline void gather_integers(onnx_case& c, const given_tensor<std::int64_t>& data, const std::vector<std::int32_t>& ids,
                            index_type tables, index_type entries, index_type width,
                            const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> y;
  for (index_type table = 0; table < tables; ++table)
    for (const std::int32_t id : ids) {
      const auto row = data.values.begin() + (table * entries + id) * width;
      y.insert(y.end(), row, row + width);
    }
  c.put_integers(0, shape, y);
}

/// Embeddings: the axes before the given one are tables, those after it are their width.
inline void compute_onnx_gather(onnx_case& c) {
  const bool floating = c.is_floating(0);
  const auto data = floating ? c.get(0) : given_tensor<float>{};
  const auto whole_numbers = floating ? given_tensor<std::int64_t>{} : c.get_integers(0);
  const auto& extents = floating ? data.shape : whole_numbers.shape;
  const index_type rank = static_cast<index_type>(extents.size()), axis = axis_of(c.attribute().count("axis", 0), rank);
  const index_type entries = extents[static_cast<std::size_t>(axis)], tables = product_of(extents, 0, axis);
  const index_type width = product_of(extents, axis + 1, rank);
  const auto places = c.get_integers(1);
  std::vector<std::int32_t> ids;
  for (const std::int64_t place : places.values) {
    if (place < -entries || place >= entries) throw wrong_case("an index outside of the axis");
    ids.push_back(static_cast<std::int32_t>(place < 0 ? place + entries : place));
  }
  std::vector<std::int64_t> shape(extents.begin(), extents.begin() + axis);
  shape.insert(shape.end(), places.shape.begin(), places.shape.end());
  shape.insert(shape.end(), extents.begin() + axis + 1, extents.end());
  if (!floating) return gather_integers(c, whole_numbers, ids, tables, entries, width, shape);
  const index_type rows = places.size();
  numbers<float> y = zeros<float>(tables * rows * width);
  for (index_type table = 0; table < tables; ++table)
    kernels::embed<float>(rows, width, ids.data(), data.values.data() + table * entries * width,
                          out(y, width).from(table * rows), workers);
  c.put(0, shape, y);
}

}  // namespace typeformer::conformance
