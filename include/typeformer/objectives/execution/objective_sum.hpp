// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/contract/call.hpp>
#include <typeformer/objectives/objective_sum.hpp>

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
