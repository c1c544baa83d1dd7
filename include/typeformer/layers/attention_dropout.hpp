// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/options.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

template <class... Options> struct self_attention;

template <class Numbers, number Rate> struct dropped_attention_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    return Numbers::flops(sequences, tokens);
  }
};
template <class Numbers, number Rate> struct dropped_attention_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    return 5 * Numbers::flops(sequences, tokens) / 2;
  }
};

/// In training each probability is dropped with this rate and the others are multiplied by 1 / (1 − rate) (Devlin et
/// al. 2019, arXiv:1810.04805, A.2: dropout on all layers; of probabilities in its published code).
///
/// Drawn from (seed, step, layer, iteration of the loops, sequence, head, query, key). Nothing is stored, and a block
/// that is recomputed drops the same ones. Cost: no memory, and one block of random words for four probabilities.
template <number Rate> struct attention_dropout : without_attention_dropout {
  static constexpr double value = Rate.value;
  static constexpr bool in_range = value >= 0 && value < 1;

  /// No random site if nothing is dropped.
  template <class Walk> static constexpr auto site(Walk& c) {
    if constexpr (Walk::use::drops_out && value > 0) return c.random_site();
    else return nothing{};
  }
  using without_attention_dropout::attend;
  using without_attention_dropout::attend_back;
  template <class N, class Walk, class Row, class Panels, class Bias, class Mixed, class LogSumExp>
  static constexpr void attend(Walk& c, random_site site, Row row, Panels panels, Bias bias, Mixed mixed,
                               LogSumExp log_sum_exp) {
    c.run(dropped_attention_operation<N, Rate>{}, row, panels, bias, site, out(mixed), if_kept(log_sum_exp));
  }
  template <class N, class Walk, class Trace, class Panels, class Bias, class DMixed, class DRow, class DBias>
  static constexpr void attend_back(Walk& c, random_site site, Trace t, Panels panels, Bias bias, DMixed dmixed,
                                    DRow drow, DBias dbias) {
    c.run(dropped_attention_back_operation<N, Rate>{}, t.row, panels, bias, site, t.mixed, t.log_sum_exp, dmixed,
          out(drow), dbias);
  }
};

namespace detail {
template <number Rate, class... Options> struct with_dropout_if_any {
  using type = std::conditional_t<(Rate.value != 0), self_attention<Options..., attention_dropout<Rate>>,
                                  self_attention<Options...>>;
};
}  // namespace detail

/// An attention with these options. If the rate is 0 it is the one without the option.
template <number Rate, class... Options>
using self_attention_with_dropout = typename detail::with_dropout_if_any<Rate, Options...>::type;

}  // namespace typeformer
