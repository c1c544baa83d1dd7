// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/spelled_leaf.hpp>
#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/inspection/footprint.hpp>

namespace typeformer {

/// A contribution to what a budget limits.
template <fixed_string Name, std::int64_t Bytes> struct part {};
/// The largest contributions, at most three.
template <class... Parts> struct largest {};

namespace error {
/// `Needed` and `Limit` are `flash<…>`, `ram<…>` or `stack<…>`, in bytes.
template <class Needed, class Limit, class Largest, class Model>
struct more_memory_is_needed_than_the_budget_has : mismatch {};
/// A budget is a list of `flash<…>`, `ram<…>` and `stack<…>` in `budget<…>`.
template <class Type> struct type_is_no_budget : mismatch {};
}  // namespace error

/// Limit of a budget, in bytes: all constants of a model (`footprint::flash_bytes`).
template <index_type N> struct flash {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0, limits_memory = true;

  template <class M, class Use, class Target> struct needs {
    static constexpr std::int64_t bytes = footprint<M, Use, Target>::flash_bytes;
    static constexpr int count = layout_of<M>.leaf_count + 1;
    static constexpr std::int64_t bytes_of(int i) {
      return i < layout_of<M>.leaf_count ? footprint<M, Use, Target>::bytes_of(layout_of<M>.leaves[i])
                                         : footprint<M, Use, Target>::plan_bytes;
    }
    template <int I> static constexpr auto name() {
      if constexpr (I < layout_of<M>.leaf_count) return detail::name_of_leaf<M, I>();
      else return fixed_string{"plan"};
    }
  };
};

/// Limit of a budget, in bytes: the memory that a session or pass holds (`footprint::ram_bytes`).
template <index_type N> struct ram {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0, limits_memory = true;

  template <class M, class Use, class Target> struct needs {
    using memory = footprint<M, Use, Target>;
    using plan = plan_of<M, Use>;
    static constexpr int states = plan::value.state_count, count = states + 3;
    static constexpr std::int64_t bytes = memory::ram_bytes;
    static constexpr std::int64_t bytes_of(int i) {
      if (i == states) return memory::arena_bytes;
      if (i == states + 1) return memory::tables_bytes;
      if (i > states) return memory::ram_bytes - memory::arena_bytes - memory::tables_bytes - memory::state_bytes;
      const index_type end = i + 1 < states ? plan::value.states[std::size_t(i) + 1].offset : plan::value.state;
      return memory::state_bytes / plan::value.state * (end - plan::value.states[std::size_t(i)].offset);
    }
    template <int I> static constexpr auto name() {
      if constexpr (I < states) return detail::name_of_state<M, typename plan::use, I>();
      else if constexpr (I == states) return fixed_string{"activations"};
      else if constexpr (I == states + 1) return fixed_string{"ids, positions, lengths"};
      else return fixed_string{"inputs, pointers"};
    }
  };
};

/// What a device has for a model: `budget<flash<512 * 1024>, ram<128 * 1024>, stack<8 * 1024>>`, or some of them. `stack`
/// is in inspection/stack.hpp.
template <class... Limits> struct budget {
  template <class Option> static constexpr bool knows = requires { requires Option::limits_memory; };
};

namespace detail {

template <class Needs> constexpr auto largest_parts() {
  std::array<int, 3> found{-1, -1, -1};
  for (int i = 0; i < Needs::count; ++i)
    for (std::size_t place = 0; place < found.size(); ++place) {
      if (Needs::bytes_of(i) <= (found[place] < 0 ? 0 : Needs::bytes_of(found[place]))) continue;
      for (std::size_t after = found.size() - 1; after > place; --after) found[after] = found[after - 1];
      found[place] = i;
      break;
    }
  return found;
}
template <class Needs> constexpr auto type_of_largest() {
  constexpr auto found = largest_parts<Needs>();
  constexpr auto count = std::size_t((found[0] >= 0) + (found[1] >= 0) + (found[2] >= 0));
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return largest<part<Needs::template name<found[I]>(), Needs::bytes_of(found[I])>...>{};
  }(std::make_index_sequence<count>{});
}

template <class M, class Use, class Target> constexpr auto first_exceeded() { return nothing{}; }
template <class M, class Use, class Target, template <index_type> class Limit, index_type N, class... Rest>
constexpr auto first_exceeded(Limit<N>, Rest... rest) {
  using needs = typename Limit<N>::template needs<M, Use, Target>;
  if constexpr (needs::bytes > N)
    return error::more_memory_is_needed_than_the_budget_has<Limit<index_type(needs::bytes)>, Limit<N>,
                                                            decltype(type_of_largest<needs>()), M>{};
  else return first_exceeded<M, Use, Target>(rest...);
}

template <class M, class Use, class Target, class Budget> struct budget_check {
  using type = error::type_is_no_budget<Budget>;
};
template <class M, class Use, class Target, class... Limits> struct budget_check<M, Use, Target, budget<Limits...>> {
  static constexpr auto check() {
    if constexpr (!fits_together<typeformer::checked_model<M>>) return typeformer::checked_model<M>{};
    else if constexpr (!fits_together<typeformer::checked_use<Use, M>>) return typeformer::checked_use<Use, M>{};
    else if constexpr (!fits_together<check_options<M, budget<>, Limits...>>)
      return check_options<M, budget<>, Limits...>{};
    else return first_exceeded<M, Use, Target>(Limits{}...);
  }
  using type = decltype(check());
};

}  // namespace detail

/// Nothing, or the mismatch that names a limit of the budget which the model exceeds in a use.
template <class M, class Use, class Budget, class Target = portable>
using checked_budget = typename detail::budget_check<M, Use, Target, Budget>::type;

/// True. A model that needs more in a use than the budget has is a compile error, which says in one sentence what is
/// needed, the limit, and the three largest parts.
///
///     using my_board = tf::budget<tf::flash<1024 * 1024>, tf::ram<320 * 1024>, tf::stack<64 * 1024>>;
///     static_assert(tf::fits<my_gpt, tf::decoding_with<tf::tokens<16>>, my_board>);
template <class M, class Use, class Budget, class Target = portable>
  requires fits_together<checked_budget<M, Use, Budget, Target>>
inline constexpr bool fits = true;

}  // namespace typeformer
