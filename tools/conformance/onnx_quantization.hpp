// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/reference/quantize.hpp>

#include "onnx_case.hpp"

namespace typeformer::conformance {

/// By ONNX's name or number of an element type.
inline integer_range integer_range_of(const std::string& name, std::int64_t number) {
  struct entry {
    const char* name;
    std::int64_t number;
    integer_range range;
  };
  constexpr entry known[] = {{"UINT8", 2, range_of_uint8},   {"INT8", 3, range_of_int8},
                             {"UINT16", 4, range_of_uint16}, {"INT16", 5, range_of_int16},
                             {"UINT4", 21, range_of_uint4},  {"INT4", 22, range_of_int4},
                             {"UINT2", 25, range_of_uint2},  {"INT2", 26, range_of_int2}};
  for (const entry& type : known)
    if (name.empty() ? type.number == number : type.name == name) return type.range;
  throw not_supported("element type " + (name.empty() ? std::to_string(number) : name));
}

/// The scale of each element: one for all, one for each index of an axis, or one for each block along it.
class scale_places {
 public:
  scale_places(onnx_case& c, const std::vector<std::int64_t>& shape, const given_tensor<float>& scales)
      : shape_{shape} {
    attributes& a = c.attribute();
    const std::int64_t axis = a.count("axis", 1);
    block_ = a.count("block_size", 0);
    single_ = scales.size() == 1;
    if (single_) return;
    axis_ = axis_of(axis, static_cast<index_type>(shape.size()));
    blocks_ = scales.rank() == 1 ? scales.extent(0) : scales.extent(axis_);
    const index_type extent = shape[static_cast<std::size_t>(axis_)];
    const index_type elements = product_of(shape, 0, static_cast<index_type>(shape.size()));
    if (block_ == 0 ? scales.size() != extent : !covers(extent) || scales.size() / blocks_ * extent != elements)
      throw wrong_case("extents of the scales");
  }
  std::size_t operator()(std::size_t element) const {
    if (single_) return 0;
    const index_type after = product_of(shape_, axis_ + 1, static_cast<index_type>(shape_.size()));
    const index_type extent = shape_[static_cast<std::size_t>(axis_)], i = static_cast<index_type>(element);
    const index_type place = i / after % extent;
    if (block_ == 0) return static_cast<std::size_t>(place);
    return static_cast<std::size_t>((i / after / extent * blocks_ + place / block_) * after + i % after);
  }

 private:
  bool covers(index_type extent) const {
    return block_ > 0 && blocks_ > 0 && (blocks_ - 1) * block_ < extent && blocks_ * block_ >= extent;
  }

  const std::vector<std::int64_t>& shape_;
  index_type axis_ = 0, block_ = 0, blocks_ = 1;
  bool single_ = false;
};

/// Scales and zero points of every element.
class element_quantization {
 public:
  element_quantization(onnx_case& c, const std::vector<std::int64_t>& shape)
      : scales_{c.get(1)}, places_{c, shape, scales_} {
    if (c.has(2)) zero_points_ = c.get_integers(2).values;
    if (c.has(2) && zero_points_.size() != scales_.values.size()) throw wrong_case("extents of the zero points");
  }
  affine_quantization operator()(std::size_t element) const {
    const std::size_t place = places_(element);
    return {scales_.values[place], zero_points_.empty() ? 0 : static_cast<std::int32_t>(zero_points_[place])};
  }

 private:
  given_tensor<float> scales_;
  scale_places places_;
  std::vector<std::int64_t> zero_points_;
};

/// The type in which numbers are divided by their scales: that of the scales, unless another is given.
inline std::string type_of_division(onnx_case& c) {
  switch (c.attribute().count("precision", 0)) {
    case 0: return c.element_type(1);
    case 1: return "FLOAT";
    case 10: return "FLOAT16";
    case 16: return "BFLOAT16";
    default: throw not_supported("another precision than one of FLOAT, FLOAT16 and BFLOAT16");
  }
}

inline void compute_onnx_quantize(onnx_case& c) {
  attributes& a = c.attribute();
  a.ignore("saturate");  // of floating-point types only
  const std::string divides_in = type_of_division(c);
  const std::int64_t uint8_number = 2, asked = a.count("output_dtype", 0);
  const integer_range range = integer_range_of(c.has(2) ? c.element_type(2) : "", asked == 0 ? uint8_number : asked);
  const auto x = c.get(0);
  const element_quantization of(c, x.shape);
  std::vector<std::int64_t> q(x.values.size());
  for (std::size_t i = 0; i < q.size(); ++i) {
    affine_quantization by = of(i);
    float number = x.values[i];
    if (divides_in != "FLOAT" && by.scale != 0) {
      number = rounded_to(divides_in, rounded_to(divides_in, number) / rounded_to(divides_in, by.scale));
      by.scale = 1;
    }
    q[i] = reference::quantize(number, by, range);
  }
  c.put_integers(0, x.shape, q);
}

inline void compute_onnx_dequantize(onnx_case& c) {
  c.attribute().ignore("output_dtype");  // the output says it, too
  integer_range_of(c.element_type(0), 0);
  const auto q = c.get_integers(0);
  const element_quantization of(c, q.shape);
  std::vector<float> x(q.values.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = reference::dequantize(static_cast<std::int32_t>(q.values[i]), of(i));
  c.put(0, q.shape, x);
}

inline void compute_onnx_dynamic_quantize(onnx_case& c) {
  const auto x = c.get(0);
  if (x.values.empty()) throw wrong_case("nothing to quantize");
  const auto [least, most] = std::minmax_element(x.values.begin(), x.values.end());
  const affine_quantization of = reference::spread_quantization(*least, *most, range_of_uint8);
  std::vector<std::int64_t> q;
  for (const float number : x.values) q.push_back(reference::quantize(number, of, range_of_uint8));
  c.put_integers(0, x.shape, q);
  c.put(1, {}, {of.scale});
  c.put_integers(2, {}, {of.zero_point});
}

}  // namespace typeformer::conformance
