// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/options.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width, number Limit> struct clip_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width; }
};
template <index_type Width, number Limit> struct clip_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// Queries, keys and values, side by side in rows, limited to [−Limit, Limit].
template <class Numbers, number Limit> struct clipped_rows {
  template <class Row> struct trace_of {
    Row y;
  };

  template <class Walk, class Row> static constexpr trace_of<Row> walk(Walk& c, Row x) {
    const Row y = c.template make<typename Row::shape>(x);
    c.run(clip_operation<Row::width, Limit>{}, x, out(y));
    return {y};
  }
  template <class Walk, class Trace, class DRow> static constexpr DRow walk_back(Walk& c, Trace t, DRow dy) {
    const DRow dx = c.template make<typename DRow::shape>(dy);
    c.run(clip_back_operation<DRow::width, Limit>{}, t.y, dy, out(dx));
    return dx;
  }
};

/// Option of `self_attention`: every number of queries, keys and values is limited to [−C, C], before norms and
/// rotation (`clip_qkv` of Hugging Face's OLMo and MPT). A number at the limit has no gradient.
template <number C> struct clipped_projections {
  using option_kind = clipping_option;
  static constexpr double value = C.value;
  static constexpr bool in_range = value > 0 && value <= largest_number;
  template <class Numbers> using of = clipped_rows<Numbers, C>;
};

}  // namespace typeformer
