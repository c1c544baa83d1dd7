// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/position_bias.hpp>
#include <typeformer/layers/rotary_angles.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
template <class Width, class Heads, class Layer> struct attention_width_is_not_a_multiple_of_heads : mismatch {};
template <class Heads, class KeyValueHeads, class Layer>
struct heads_are_not_a_multiple_of_key_value_heads : mismatch {};
template <class RotaryWidth, class HeadWidth, class Layer> struct rotary_width_is_larger_than_the_head : mismatch {};
/// A bias of scores has a number for each head.
template <class BiasHeads, class AttentionHeads, class Layer>
struct position_bias_has_other_heads_than_the_attention : mismatch {};
/// The bias is for attention to earlier tokens only: add `bidirectional` to it, too.
template <class Bias, class Layer> struct position_bias_knows_no_keys_after_the_query : mismatch {};
template <class RotaryWidth, class Layer> struct rotary_width_is_odd : mismatch {};
/// The mask hides the tokens after the query that the window is to show: add `bidirectional`.
template <class Window, class Mask, class Layer> struct window_reaches_beyond_the_mask : mismatch {};
}  // namespace error

namespace detail {

template <class Scope> inline constexpr bool has_position_bias = has_entry<passes::position_bias, Scope>;

template <class Scope> constexpr bool learns_bias() {
  if constexpr (has_position_bias<Scope>) return entry_for<passes::position_bias, Scope>::learns;
  else return false;
}
template <class Scope> inline constexpr bool learns_position_bias = learns_bias<Scope>();

template <class Scope> constexpr auto bias_table(const Scope& s) {
  if constexpr (has_position_bias<Scope>) return value_for<passes::position_bias>(s).table;
  else return nothing{};
}

template <class Scope> inline constexpr bool has_rotary = has_entry<passes::rotary, Scope>;

/// The table of what was passed down as angles, alone or beside its parameter.
template <class Shape> constexpr ref<Shape> rotary_table(ref<Shape> table) { return table; }
template <class Angles> constexpr auto rotary_table(Angles angles) { return angles.table; }

/// The first width of a table that does not fit into a head, or 0.
template <class Rotary> constexpr index_type unfit_rotary_width(index_type columns) {
  for (const index_type width : Rotary::widths)
    if (width > columns || width % 2 != 0) return width;
  return 0;
}
template <class Attention, class In, class Rotary> constexpr auto inferred_rotary_attention() {
  constexpr index_type columns = Attention::template width_of_head<In::width>;
  constexpr index_type unfit = unfit_rotary_width<Rotary>(columns);
  if constexpr (unfit > columns)
    return error::rotary_width_is_larger_than_the_head<rotary_width<unfit>, head_width<columns>, Attention>{};
  else if constexpr (unfit != 0) return error::rotary_width_is_odd<rotary_width<unfit>, Attention>{};
  else return In{};
}

/// A bias of scores has a number for each head, and for keys after the query if the attention sees any.
template <class Attention, class In, class Bias> constexpr auto inferred_biased_attention() {
  if constexpr (std::is_same_v<Bias, nothing>) return In{};
  else if constexpr (Bias::head_count != Attention::head_count)
    return error::position_bias_has_other_heads_than_the_attention<heads<Bias::head_count>,
                                                                   heads<Attention::head_count>, Attention>{};
  else if constexpr (!Bias::of_both_sides && std::is_same_v<typename Attention::mask, bidirectional>)
    return error::position_bias_knows_no_keys_after_the_query<Bias, Attention>{};
  else return In{};
}

template <class Attention>
inline constexpr bool shows_what_its_mask_hides =
    requires { requires reaches_ahead<typename Attention::window> && !Attention::sees_later_tokens; };

template <class Attention, class In, class Scope> constexpr auto inferred_attention() {
  constexpr index_type count = Attention::head_count, groups = Attention::key_value_head_count;
  using biased = decltype(inferred_biased_attention<Attention, In, entry_for<passes::position_bias, Scope>>());
  if constexpr (has_entry<passes::recurrence, Scope>)
    return error::layer_knows_nothing_of_earlier_segments<Attention>{};
  else if constexpr (count <= 0 || (Attention::given_head_width == 0 && In::width % count != 0))
    return error::attention_width_is_not_a_multiple_of_heads<width<In::width>, heads<count>, Attention>{};
  else if constexpr (groups <= 0 || count % groups != 0)
    return error::heads_are_not_a_multiple_of_key_value_heads<heads<count>, key_value_heads<groups>, Attention>{};
  else if constexpr (!Shape<biased>) return biased{};
  else if constexpr (shows_what_its_mask_hides<Attention>)
    return error::window_reaches_beyond_the_mask<typename Attention::window, typename Attention::mask, Attention>{};
  else if constexpr (has_rotary<Scope>)
    return inferred_rotary_attention<Attention, In, entry_for<passes::rotary, Scope>>();
  else return In{};
}

}  // namespace detail

}  // namespace typeformer
