// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/foundation/number_formats.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/memory/scale_places.hpp>

namespace typeformer {

/// How many scales there are, in error messages.
template <index_type N> struct number_of_scales {};

namespace error {
/// Keys and values are cached in `float`, `bf16`, `int8<>` or `int8<fixed_scales<…>>`.
template <class Format> struct caches_do_not_have_this_format : mismatch {};
/// It has no attention that caches keys and values and can read them in such a format.
template <class Format, class Model> struct no_cache_of_this_model_can_have_the_format : mismatch {};
/// Fixed scales are one for each column of each cache. `cache_scales` measures as many as are needed.
template <class Given, class Needed, class Model>
struct these_are_not_as_many_scales_as_columns_of_caches : mismatch {};
}  // namespace error

namespace detail {

template <class Use, class Format> struct caching_in : Use {
  using cache_format = Format;
};

template <class Format> inline constexpr bool has_fixed_scales = requires { typename Format::scales; };
template <class Format> constexpr auto checked_cache_format() {
  if constexpr (requires { requires std::is_same_v<Format, typename Format::caches>; } &&
                (is_number_format<Format> || has_fixed_scales<Format>))
    return nothing{};
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
  else if constexpr (has_fixed_scales<typename Use::cache_format>) {
    constexpr index_type given = Use::cache_format::scales::count,
                         needed = cache_scale_count<planned<forward_walk<M>, Use>>;
    if constexpr (given != needed)
      return error::these_are_not_as_many_scales_as_columns_of_caches<number_of_scales<given>, number_of_scales<needed>,
                                                                      M>{};
    else return Checked{};
  } else return Checked{};
}

}  // namespace detail

/// Option of a session: the format of cached keys and values. `bf16` needs a half of the memory, `int8<>` a quarter and a
/// scale for each head and token, `int8<fixed_scales<…>>` a quarter. What runs it is in `typeformer/execution/narrow_cache.hpp`.
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
