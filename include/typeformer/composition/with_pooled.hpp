// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/sequential.hpp>
#include <typeformer/composition/token_and_sequence_heads.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/declared_limits.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The hidden state of every token and, beside it, the row of every sequence that `Pooling` makes of them: the last
/// layer of an encoder without a head, such as `with_pooled<first_token_pooler<>>` of BERT (Devlin et al. 2019,
/// arXiv:1810.04805, §3, in its published code).
///
/// x [rows][width] → x and [sequences][width]. A pooling that gives no row for each sequence is a mismatch.
template <class... Pooling> struct with_pooled {
  static constexpr bool is_composition = true;
  using pooling = sequential<Pooling...>;
  using inner = inner_layers<Pooling...>;
  template <TokenRows In, class Scope>
  using infer =
      both_shapes<In, detail::rows_of_logits<with_pooled, axis::sequence, typeformer::infer<pooling, In, Scope>>>;

  template <class Y, class Pooled> struct trace_of {
    Y y;
    Pooled pooled;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    auto pooled = pooling::walk(c, x, s);
    using y = tokens_and_sequences<X, decltype(pooled.y)>;
    return trace_of<y, decltype(pooled)>{{x, pooled.y}, pooled};
  }
  /// An objective may use only one of the outputs.
  template <class Walk, class Trace, class DTokens, class DSequences, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, tokens_and_sequences<DTokens, DSequences> d, Scope s) {
    if constexpr (std::is_same_v<DSequences, nothing>) return d.tokens;
    else if constexpr (std::is_same_v<DTokens, nothing>) return pooling::walk_back(c, t.pooled, d.sequences, s);
    else {
      const auto dpooled = pooling::walk_back(c, t.pooled, d.sequences, s);
      const DTokens dx = c.template make<typename DTokens::shape>(d.tokens, dpooled);
      c.run(add_operation<DTokens::width>{}, d.tokens, dpooled, out(dx));  // both outputs are made of x
      return dx;
    }
  }
};

}  // namespace typeformer
