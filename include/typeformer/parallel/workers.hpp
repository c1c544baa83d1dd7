// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// A type that runs the independent parts of a kernel. `for_each(parts, f)` calls `f(part)` once for every part in [0,
/// parts), in any order and on any thread. It returns when all calls have returned.
template <class W>
concept Workers = requires(const W workers, index_type parts, void (*f)(index_type)) {
  { workers.count() } -> std::convertible_to<index_type>;
  workers.for_each(parts, f);
};

/// Runs all parts in the calling thread, in order.
struct inline_workers {
  static constexpr index_type count() { return 1; }
  template <class F> constexpr void for_each(index_type parts, F&& f) const {
    for (index_type part = 0; part < parts; ++part) f(part);
  }
};

}  // namespace typeformer
