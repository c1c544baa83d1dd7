// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/contract/weights_view.hpp>
#include <typeformer/execution/executor.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/robustness/affine_form.hpp>
#include <typeformer/hosted/robustness/affine_operations.hpp>
#include <typeformer/hosted/robustness/interval.hpp>
#include <typeformer/hosted/robustness/interval_activations.hpp>
#include <typeformer/hosted/robustness/interval_attention.hpp>
#include <typeformer/hosted/robustness/interval_norms.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parameters/parameters.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/segmented_batches.hpp>

namespace typeformer {

/// A walk for intervals: an observer widens the embedding. Attention has no probabilities to show.
template <capacities Reserved> struct bounding_use : walk_use<purpose::evaluate, Reserved, true> {
  static constexpr bool observes_attention = false;
};

/// Option of `affine_bounds`: the errors of the first N outputs of branches, or of their heads, in the order of the walk,
/// are unknowns of their own, which later layers do not take for different ones. Each costs tokens · width parts more.
template <index_type N> struct named_errors {
  static constexpr index_type value = N;
};

}  // namespace typeformer

namespace typeformer::inline TYPEFORMER_ISA {

/// Bounds of a model's logits for every embedding whose numbers are at most a radius away from those of the tokens.
///
/// The walk is that of any run, on a `Scalar` whose operations give bounds: `interval_bounds` and `affine_bounds`. Every
/// model runs whose operations compare no numbers; norms, activations and self-attention have bounds of their own. They
/// hold for exact arithmetic; a run in `float` may be outside by its own rounding errors. Options: `tokens<T>` (the
/// model's context). Errors as for `forward_pass`.
///
/// ```cpp
///   tf::affine_bounds<my_model, tf::tokens<16>> bounds{parameters};
///   const auto logits = bounds.run(ids, 0.01);
///   if (logits && tf::surely_largest((*logits)[0], classes, label)) …  // no such perturbation changes the prediction
/// ```
template <class M, class Scalar, class... Options>
  requires(!reads_real_values<M> && !detail::reads_a_source<M>)
class certified_bounds {
 public:
  static constexpr capacities reserved = evaluating_with<Options...>::template reserved_for<M>;
  using plan = planned<forward_walk<M>, bounding_use<reserved>>;
  static constexpr index_type embedding_width = M::embedding::shape::width,
                              named_errors_of = chosen<named_errors<0>, Options...>::value;

  explicit certified_bounds(const parameters<M>& values) {
    for (index_type i = 0; i < values.size(); ++i) parameters_.emplace_back(values.data()[i]);
    memory_.weights = {parameters_.data()};
  }
  certified_bounds(const certified_bounds&) = delete;
  certified_bounds& operator=(const certified_bounds&) = delete;

  /// The bounds of the logits, [tokens][classes] or [1][classes]; valid until the next call. `radii` has one for each
  /// token. A radius of 0 keeps a token's embedding. Precondition: they are not negative, as many as ids.
  result<block_view<const Scalar>, inference_error> run(std::span<const std::int32_t> ids,
                                                        std::span<const double> radii) {
    const std::array sequences{segmented_tokens{ids}};
    const auto batch = detail::segmented_batch<M, reserved, decltype(memory_.tables)>{memory_.tables}.of(
        std::span<const segmented_tokens>{sequences});
    if (!batch) return failure{batch.error()};
    index_type named = 0;
    bool is_named = false;  // a branch whose heads are named adds little to their errors
    const auto widen = [&](observation what, loop_place, block_view<Scalar> rows, index_type width) {
      const auto for_each_part = [&](index_type first, auto change) {
        for (index_type row = 0; row < rows.rows; ++row)
          for (index_type i = 0; i < width; ++i) change(rows[row][i], row, first + row * width + i);
      };
      if (what == observation::embedding)
        return for_each_part(
            0, [&](Scalar& x, index_type row, index_type part) { detail::widen(x, part, radii[std::size_t(row)]); });
      const bool is_of_heads = what == observation::head_outputs;
      if (!is_of_heads && what != observation::branch_output) return;
      if (!std::exchange(is_named, is_of_heads) && named < named_errors_of && width == embedding_width)
        for_each_part(++named * reserved.tokens * width,
                      [](Scalar& x, index_type, index_type part) { detail::name_error(x, part); });
    };
    executor<plan, Scalar, canonical_weights_view<Scalar>, inline_workers, decltype(widen)> context(
        memory_.arrays.addresses(), memory_.weights, *batch, memory_.workers, widen);
    return context.view(forward_walk<M>::walk(context));
  }
  /// The same radius for every token.
  result<block_view<const Scalar>, inference_error> run(std::span<const std::int32_t> ids, double radius) {
    return run(ids, std::vector<double>(ids.size(), radius));
  }

 private:
  std::vector<Scalar> parameters_;
  held_memory<M, plan, purpose::evaluate, storage::owned, canonical_weights_view<Scalar>, inline_workers, Scalar>
      memory_{};
};

/// Interval bound propagation (Gowal et al. 2018, arXiv:1810.12715). Cost: about 50 times a forward pass without vector
/// instructions, and 16 bytes for each number. Each branch of a block adds its width to the residual stream, so that
/// bounds grow by a factor for each block.
template <class M, class... Options> using interval_bounds = certified_bounds<M, interval, Options...>;

/// Bounds that are linear in the perturbation, with an error (Bonaert et al. 2021, DeepT). Options: `named_errors<N>` (0),
/// too. Cost: (N + 1) · tokens · width times that of intervals, in time and memory, parameters included: for small
/// models.
template <class M, class... Options>
using affine_bounds =
    certified_bounds<M,
                     affine_form<(1 + chosen<named_errors<0>, Options...>::value) * M::embedding::shape::width *
                                 evaluating_with<Options...>::template reserved_for<M>.tokens>,
                     Options...>;

/// Whether a logit is larger than all others for all perturbations.
template <class Scalar> bool surely_largest(const Scalar* logits, index_type classes, std::int32_t label) {
  for (index_type i = 0; i < classes; ++i)
    if (i != label && !(detail::range_of(logits[label] - logits[i]).lower > 0)) return false;
  return true;
}

}  // namespace typeformer::inline TYPEFORMER_ISA
