// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/residual.hpp>
#include <typeformer/contract/call.hpp>
#include <typeformer/kernels/add.hpp>

namespace typeformer {

template <index_type Width, class W, class S>
constexpr void execute(add_operation<Width>, const call<W>& c, block_view<const S> a, block_view<const S> b,
                       block_view<S> y) {
  kernels::add<S>(a.rows, Width, a, b, y, c.workers);
}

}  // namespace typeformer
