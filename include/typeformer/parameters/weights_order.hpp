// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/kernels/pack_panels.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The order in which kernels read weights of a format, on a processor whose vectors hold `lanes` floats (1: it has
/// none). That of narrow formats is in parameters/narrow_weights_order.hpp.
///
/// On the processor itself it is the order of `weights<M, Format>`. Another machine uses it to write a flash image.
template <class M, class Format> struct weights_order;

template <class M> struct weights_order<M, float> {
  /// How the processor of this translation unit reads them.
  using view = packed_weights_view<float, kernels::native_panel_width>;

  index_type lanes = 1;

  /// 32-bit words, with those behind the last matrix that kernels may read.
  constexpr std::int64_t words() const { return layout_of<M>.parameters + lanes; }

  /// Writes canonical parameters into `words()` words.
  constexpr void lay_out(const float* canonical, float* to) const {
    const index_type panel_width = kernels::panel_width_of(lanes);
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (!is_first_of_operand(layout_of<M>, t)) return;
      const row_major_view<const float> from{canonical + t.offset, rows_of_operand(layout_of<M>, t), t.of->columns};
      if (t.of->kind == parameter_kind::matrix) kernels::pack_panels(from, to + t.offset, panel_width);
      else std::copy_n(from.data, from.outputs * from.inputs, to + t.offset);
    });
    std::fill(to + layout_of<M>.parameters, to + words(), 0.0f);
  }
};

}  // namespace typeformer::inline TYPEFORMER_ISA
