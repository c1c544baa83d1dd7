// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/parameters/weights_order.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The order of weights in a narrow format.
template <class M, class Format> struct weights_order {
  using view = narrow_weights_view<M, Format>;

  index_type lanes = 1;

  constexpr narrow_layout<Format> layout() const { return {kernels::panel_width_of(lanes), lanes}; }
  constexpr std::int64_t words() const {
    return std::int64_t(layout().word_of(layout_of<M>, layout_of<M>.parameters)) + lanes;
  }
  void lay_out(const float* canonical, float* to) const {
    std::fill(to, to + words(), 0.0f);
    detail::narrow_parameters<M>(canonical, layout(), to);
  }
};

}  // namespace typeformer::inline TYPEFORMER_ISA
