// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/layers/series_embedding.hpp>
#include <typeformer/reference/series_scale.hpp>

namespace typeformer::detail {

/// The scale of `length` numbers of a channel, `stride` apart.
template <class Scaling, class S>
constexpr reference::series_scale<S> scale_of_series(const float* x, index_type length, index_type stride) {
  if constexpr (std::is_same_v<Scaling, standardized>)
    return reference::standardizing<S>(x, length, stride, Scaling::smallest);
  else if constexpr (std::is_same_v<Scaling, divided_by_mean>)
    return reference::dividing_by_mean<S>(x, length, stride, Scaling::smallest);
  else return {};
}

}  // namespace typeformer::detail
