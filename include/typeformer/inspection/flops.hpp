// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <cstdint>
#include <string_view>

#include <typeformer/contract/model.hpp>
#include <typeformer/contract/probing_examiner.hpp>
#include <typeformer/inspection/flop_counter.hpp>

namespace typeformer {

namespace error {
/// An operation tells its cost by `static constexpr std::int64_t flops(std::int64_t rows)`; see `flop_counter`.
template <fixed_string Operation, class Layer> struct operation_has_no_constexpr_flops : mismatch {};
}  // namespace error

namespace detail {

struct counted_flops {
  std::int64_t total = 0;
  std::string_view missing{};
};
template <class M, class Use>
inline constexpr counted_flops flops_of = [] {
  flop_counter<typename Use::template use<M>> counter;
  Use::template walk<M>::walk(counter);
  return counted_flops{counter.total(), counter.missing()};
}();

template <class M, class Use>
using flops_examiner = probing_examiner<typename Use::template use<M>, flop_counter<typename Use::template use<M>>,
                                        error::operation_has_no_constexpr_flops>;

template <class M, class Use> constexpr auto checked_flops() {
  constexpr std::string_view missing = flops_of<M, Use>.missing;
  if constexpr (missing.empty()) return nothing{};
  else if constexpr (!Shape<examined<M, flops_examiner<M, Use>>>) return examined<M, flops_examiner<M, Use>>{};
  else return error::operation_has_no_constexpr_flops<copied<missing.size()>(missing), M>{};
}

}  // namespace detail

/// Nothing, or the mismatch that names an operation whose cost is unknown. Precondition: the use fits the model.
template <class M, class Use> using checked_flops = decltype(detail::checked_flops<M, Use>());

/// Floating-point operations of one call of a model in which every reserved token is new and in use, for example
/// `flops<M, evaluating_with<tokens<64>>>`. A multiply-add counts twice. Work on tokens that were cached before the
/// call is not counted.
template <class M, class Use>
  requires fits_together<checked_model<M>> && fits_together<checked_use<Use, M>> && fits_together<checked_flops<M, Use>>
inline constexpr std::int64_t flops = detail::flops_of<M, Use>.total;

}  // namespace typeformer
