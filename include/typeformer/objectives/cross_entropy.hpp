// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/gradient_if_any.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/layers/logits.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

/// The fraction of each label's probability that is distributed evenly over all classes.
template <number Amount> struct label_smoothing {
  static constexpr double value = Amount.value;
  static constexpr bool in_range = value >= 0 && value < 1;
};

/// −Σ scale · log softmax(h Wᵀ + b)[label] over the rows that have a label (Bengio et al. 2003, §2), optionally with
/// label smoothing (Szegedy et al. 2016, arXiv:1512.00567, §7). The objectives below are made of it.
///
/// The `token_batch` has labels and scale: those of tokens or those of sequences, as the rows of h are. The logits of
/// at most `chunk_rows` rows exist at a time, so that a vocabulary costs chunk_rows · vocabulary scalars instead of
/// tokens · vocabulary. Options: `label_smoothing<…>`. Cost: 6 · width · classes FLOPs per labeled row, forward and
/// backward together.
template <class... Options> struct cross_entropy {
  static constexpr double smoothing = chosen<label_smoothing<0.0>, Options...>::value;
  static constexpr index_type most_chunk_rows = 64;
  template <class Walk> static constexpr bool trains = Walk::use::what_for == purpose::train;

  template <class Walk, class H, class Weight, class Bias, number Cap>
  static constexpr auto walk(Walk& c, deferred_logits<H, Weight, Bias, Cap> logits) {
    constexpr axis rows_are = H::rows_are;
    constexpr index_type capacity = row_capacity(rows_are, Walk::use::reserved);
    constexpr index_type chunk = capacity < most_chunk_rows ? capacity : most_chunk_rows;
    constexpr index_type classes = Weight::rows, width = H::width;
    constexpr index_type copies = trains<Walk> && Cap.value != 0 ? 2 : 1;  // capped logits, and their gradients
    const auto scores = c.template make<rows<axis::once, copies * chunk * classes>>();
    const auto gathered = c.template make<rows<axis::once, 2 * chunk * width>>();
    const auto found = c.template make<objective_findings<Walk>>();
    using labels_type = std::conditional_t<rows_are == axis::sequence, sequence_labels, token_labels>;
    const auto labels = c.template input<labels_type>();
    const auto scale = c.template input<loss_scale_of<labels_type>>();
    if constexpr (trains<Walk>) {
      const H dh = c.template make<typename H::shape>();
      c.run(head_cross_entropy_gradient_operation<width, classes, chunk, smoothing, Cap>{}, logits.h, logits.weight,
            logits.bias, labels, scale, out(scores), out(gathered), out(found), out(dh), gradient_of(logits.weight),
            detail::gradient_if_any(logits.bias));
      return objective_result<decltype(found), gradient_before_product<H>>{found, {dh}};
    } else {
      c.run(head_cross_entropy_operation<width, classes, chunk, smoothing, Cap>{}, logits.h, logits.weight, logits.bias,
            labels, scale, out(scores), out(gathered), out(found));
      return objective_result<decltype(found), nothing>{found, {}};
    }
  }
};

/// `nothing`, or the first mismatch among the options of an objective that is made of `cross_entropy`.
template <class Objective, class... Options>
using cross_entropy_options = check_options<Objective, known_options<label_smoothing<0.0>>, Options...>;

/// `cross_entropy` of a model's token logits.
template <class... Options> struct token_cross_entropy {
  static constexpr index_type parts = 1;
  static constexpr std::array part_names{"token_cross_entropy"};
  static constexpr std::array label_kinds{label_kind::of_tokens};
  template <class Result>
  using checked =
      both_checks<cross_entropy_options<token_cross_entropy, Options...>, checked_tokens<token_cross_entropy, Result>>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r = cross_entropy<Options...>::walk(c, detail::tokens_of(output));
    return with_gradient(r, detail::as_tokens(output, r.gradient));
  }
};

/// `cross_entropy` of a model's sequence logits.
template <class... Options> struct sequence_cross_entropy {
  static constexpr index_type parts = 1;
  static constexpr std::array part_names{"sequence_cross_entropy"};
  static constexpr std::array label_kinds{label_kind::of_sequences};
  template <class Result>
  using checked = both_checks<cross_entropy_options<sequence_cross_entropy, Options...>,
                              checked_sequences<sequence_cross_entropy, Result>>;

  template <class Walk, class Output> static constexpr auto walk(Walk& c, Output output) {
    const auto r = cross_entropy<Options...>::walk(c, detail::sequences_of(output));
    return with_gradient(r, detail::as_sequences(output, r.gradient));
  }
};

}  // namespace typeformer
