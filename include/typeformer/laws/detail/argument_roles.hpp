// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/plan.hpp>

namespace typeformer::laws::detail {

// The buffer that an argument reads or writes, or -1, and the arena that holds it.
template <class S, class E> int read_by(ref<S, E> x) { return x.id; }
template <class Other> int read_by(Other) { return -1; }
template <class S, class E> int written_by(written<ref<S, E>> x) { return x.target.id; }
template <class S, class E> int written_by(accumulated<ref<S, E>> x) { return x.target.id; }
template <class S, class E> int written_by(written_if_kept<ref<S, E>> x) { return x.target.id; }
template <class Other> int written_by(Other) { return -1; }
template <class S, class E> arena_of arena_by(ref<S, E>) { return arena_for<E>; }
template <class R> arena_of arena_by(written<R>) { return arena_for<typename R::element>; }
template <class R> arena_of arena_by(accumulated<R>) { return arena_for<typename R::element>; }
template <class R> arena_of arena_by(written_if_kept<R>) { return arena_for<typename R::element>; }
template <class Other> arena_of arena_by(Other) { return arena_of::real; }

}  // namespace typeformer::laws::detail
