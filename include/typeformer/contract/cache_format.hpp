// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/memory/planned.hpp>

namespace typeformer {

namespace error {
/// Keys and values are cached in `float`, `bf16` or `int8<>`.
template <class Format> struct caches_do_not_have_this_format : mismatch {};
/// It has no attention that caches keys and values and can read them in such a format.
template <class Format, class Model> struct no_cache_of_this_model_can_have_the_format : mismatch {};
}  // namespace error

namespace detail {

template <class Use, class Format> struct caching_in : Use {
  using cache_format = Format;
};

template <class Format> constexpr auto checked_cache_format() {
  if constexpr (requires { requires std::is_same_v<Format, typename Format::caches>; }) return nothing{};
  else return error::caches_do_not_have_this_format<Format>{};
}
/// Whether some state has the format of the use.
template <class M, class Use> constexpr bool has_narrow_cache() {
  for (const state_place& state : planned<forward_walk<M>, Use>::value.states)
    if (state.can.numbers_of_scale > 0) return true;
  return false;
}
template <class M, class Use, class Checked> constexpr auto checked_caches() {
  if constexpr (!Shape<Checked> || !requires { typename Use::cache_format; }) return Checked{};
  else if constexpr (!has_narrow_cache<M, Use>())
    return error::no_cache_of_this_model_can_have_the_format<typename Use::cache_format, M>{};
  else return Checked{};
}

}  // namespace detail

/// Option of a session: the format of cached keys and values, `bf16` or `int8<>`, which need a half and about a quarter
/// of the memory. What runs it is in `typeformer/execution/narrow_cache.hpp`.
///
///     tf::session<my_model, tf::cache_in<tf::bf16>> run{weights};
template <class Format> struct cache_in {
  using checked_options = decltype(detail::checked_cache_format<Format>());
  template <class Use>
  using use_with = std::conditional_t<Shape<checked_options>, detail::caching_in<Use, Format>, Use>;
};
template <> struct cache_in<float> {
  template <class Use> using use_with = Use;
};

}  // namespace typeformer
