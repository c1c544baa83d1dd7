// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/low_rank.hpp>

namespace typeformer {

/// y = x Wᵀ + b + (alpha / rank) (x Aᵀ) Bᵀ: a linear layer with a low-rank update (Hu et al. 2021, arXiv:2106.09685,
/// eq. 3).
///
/// x [rows][inputs], W [outputs][inputs], b [outputs] (unless `without_bias`), A [rank][inputs], B [outputs][rank], y
/// [rows][outputs]. Options: `rank<R>` (8), `alpha<…>` (the rank). A is initialized with normal numbers and B with zero
/// (`initialize_adapters`), so that training begins with the linear layer alone; `merged` makes one `linear` of it.
/// Cost: 2 · (inputs · outputs + rank · (inputs + outputs)) FLOPs per row.
template <index_type Outputs, class... Options> struct low_rank_linear {
  static constexpr index_type rank_value = chosen<rank<8>, Options...>::value;
  using adapter = low_rank<rank<rank_value>, alpha<chosen<alpha<double(rank_value)>, Options...>::value>>;
  using plain = linear<Outputs, Options...>;
  using checked_options =
      check_options<low_rank_linear, known_options<with_bias, without_bias, rank<1>, alpha<1.0>>, Options...>;
  template <class In> using infer = rows<In::rows_are, Outputs>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    return detail::low_rank_update<adapter, X::width, 0, Outputs>::walk(c, x, plain::walk(c, x, s),
                                                                        {"lora_A.weight", "lora_B.weight"});
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    return detail::walk_back_with_updates<affine<decltype(t.before.x)::width, Outputs, plain::has_bias>>(c, t, dy);
  }
};

}  // namespace typeformer
