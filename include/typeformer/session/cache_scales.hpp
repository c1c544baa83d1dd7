// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include <typeformer/foundation/number_formats.hpp>
#include <typeformer/memory/scale_places.hpp>
#include <typeformer/shape/cached_heads.hpp>

namespace typeformer {

namespace detail {
/// The tokens of a state, for values those of the context, for keys those of whole blocks.
constexpr index_type tokens_of_state(index_type words, state_traits can, index_type context) {
  const index_type whole = blocks_of(context) * key_block, width = can.numbers_of_scale;
  return words == int8<>::words_of_cache(can.heads * whole * width, width) ? whole : context;
}
}  // namespace detail

/// The largest scale that each head of each cache of a session with `cache_in<int8<>>` has had for its cached tokens: what
/// `fixed_scales` need so that nothing of this text is cut off.
///
///     tf::session<my_gpt, tf::cache_in<tf::int8<>>> measured{weights};
///     measured.prefill(text);
///     scales = tf::cache_scales(measured);  // of several texts: the larger ones
template <class Session>
  requires std::is_same_v<typename Session::plan::use::cache_format, int8<>>
std::array<float, std::size_t(cache_scale_count<typename Session::plan>)> cache_scales(const Session& run) {
  constexpr const auto& plan = Session::plan::value;
  std::array<float, std::size_t(cache_scale_count<typename Session::plan>)> largest{};
  auto next = largest.begin();
  for (int id = 0; id < plan.state_count; ++id) {
    const state_place& state = plan.states[std::size_t(id)];
    if (state.can.numbers_of_scale == 0) continue;
    const index_type tokens =
        detail::tokens_of_state(state.size / Session::reserved.batch, state.can, Session::reserved.context);
    for (index_type at = state.offset; at < detail::end_of_state(plan, id); at += state.size)
      for (index_type head = 0; head < state.can.heads; ++head, ++next)
        for (index_type s = 0; s < Session::reserved.batch; ++s) {
          const auto cached = cached_heads<int8<>, const std::byte>::of_sequence(
              cache_view<int8<>, const float>{run.cached_state().data() + at}, s, state.can.heads, tokens,
              state.can.numbers_of_scale);
          for (index_type token = 0; token < *run.length(s); ++token)
            *next = (std::max)(*next, cached.scale(head, token));
        }
  }
  return largest;
}

}  // namespace typeformer
