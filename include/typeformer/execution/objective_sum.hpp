// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

template <class W, class S, std::same_as<block_view<const S>>... Findings>
constexpr void execute(gather_findings_operation, const call<W>&, block_view<S> all, Findings... findings) {
  index_type at = 0;
  const auto append = [&](block_view<const S> some) {
    for (index_type i = 0; i < some.stride; ++i) all.data[at++] = some.data[i];
  };
  (append(findings), ...);
}

}  // namespace typeformer
