// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include <typeformer/foundation/int8.hpp>
#include <typeformer/foundation/number_formats.hpp>
#include <typeformer/memory/plan.hpp>
#include <typeformer/memory/scale_places.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/shape/cached_heads.hpp>

namespace typeformer {

namespace detail {

/// Makes the scales of columns [heads * head_width] at least as large as the cached tokens of a sequence need.
inline void measure_scales(cached_heads<bf16, const std::byte> cached, bool in_panels, index_type tokens,
                           float* scales) {
  for (index_type head = 0; head < cached.heads; ++head)
    for (index_type column = 0; column < cached.head_width; ++column, ++scales)
      for (index_type token = 0; token < tokens; ++token) {
        const index_type number =
            in_panels ? key_offset(token, cached.head_width) + column * key_block : token * cached.head_width + column;
        *scales = (std::max)(*scales, int8_scale(std::fabs(cached(head, number, token, column))));
      }
}

}  // namespace detail

/// The scale of each column of the keys and values of each layer with which nothing is cut off of the cached tokens of a
/// session with `cache_in<bf16>`: what `fixed_scales` need.
///
///     tf::session<my_gpt, tf::cache_in<tf::bf16>> measured{weights};
///     measured.prefill(text);
///     scales = tf::cache_scales(measured);  // of several texts: the larger ones
template <class Session>
  requires std::is_same_v<typename Session::plan::use::cache_format, bf16>
std::array<float, std::size_t(cache_scale_count<typename Session::plan>)> cache_scales(const Session& run) {
  constexpr const auto& plan = Session::plan::value;
  std::array<float, std::size_t(cache_scale_count<typename Session::plan>)> scales{};
  float* next = scales.data();
  for (int id = 0; id < plan.state_count; ++id) {
    const state_place& state = plan.states[std::size_t(id)];
    if (state.can.numbers_of_scale == 0) continue;
    const index_type context = Session::reserved.context, width = state.can.numbers_of_scale,
                     tokens = state.can.in_panels ? blocks_of(context) * key_block : context;
    for (index_type at = state.offset; at < detail::end_of_state(plan, id); at += state.size) {
      for (index_type s = 0; s < Session::reserved.batch; ++s)
        detail::measure_scales(
            cached_heads<bf16, const std::byte>::of_sequence(
                cache_view<bf16, const float>{run.cached_state().data() + at}, s, state.can.heads, tokens, width),
            state.can.in_panels, *run.length(s), next);
      next += state.can.heads * width;
    }
  }
  return scales;
}

}  // namespace typeformer
