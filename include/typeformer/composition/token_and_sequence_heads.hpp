// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/tokens_and_sequences.hpp>

namespace typeformer {

namespace error {
/// The head for tokens has no row for each token, or the layers after it have no row for each sequence: is a pooler
/// missing?
template <class Got, class Needed, class Layer> struct head_has_rows_of_something_else : mismatch {};
}  // namespace error

namespace detail {
template <class Layer, axis Needed, class Logits> constexpr auto checked_rows_of_logits() {
  if constexpr (!Shape<Logits>) return std::type_identity<Logits>{};
  else if constexpr (requires { requires Logits::rows_are == Needed; }) return std::type_identity<Logits>{};
  else if constexpr (requires { Logits::width; })
    return std::type_identity<error::head_has_rows_of_something_else<Logits, rows<Needed, Logits::width>, Layer>>{};
  else return std::type_identity<error::head_has_rows_of_something_else<Logits, rows<Needed, 0>, Layer>>{};
}
template <class Layer, axis Needed, class Logits>
using rows_of_logits = typename decltype(checked_rows_of_logits<Layer, Needed, Logits>())::type;
}  // namespace detail

/// Two heads on one stream: `TokenHead` for every token, and layers that end in a head for every sequence. It is the
/// last layer of an encoder that learns from both, as BERT does (Devlin et al. 2019, arXiv:1810.04805, §3.1).
///
/// x [rows][width] → logits [rows][classes of tokens] and [sequences][classes of sequences].
template <class TokenHead, class... SequenceLayers> struct token_and_sequence_heads {
  static constexpr bool is_composition = true, takes_a_soft_cap = false;
  using sequence_head = sequential<SequenceLayers...>;

  template <class Embedding, class In, class Scope>
  using infer_logits = both_shapes<
      detail::rows_of_logits<token_and_sequence_heads, axis::token,
                             typename decltype(detail::inferred_logits<Embedding, TokenHead, In, Scope>())::type>,
      detail::rows_of_logits<token_and_sequence_heads, axis::sequence,
                             infer_with_head<Embedding, In, Scope, SequenceLayers...>>>;

  template <class Y, class Tokens, class Sequences> struct trace_of {
    Y y;
    Tokens tokens;
    Sequences sequences;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    auto tokens = TokenHead::walk(c, x, s);
    auto sequences = sequence_head::walk(c, x, s);
    using y = tokens_and_sequences<decltype(tokens.y), decltype(sequences.y)>;
    return trace_of<y, decltype(tokens), decltype(sequences)>{{tokens.y, sequences.y}, tokens, sequences};
  }
  /// An objective may use only one of the heads. The other one then has no backward pass.
  template <class Walk, class Trace, class DTokens, class DSequences, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, tokens_and_sequences<DTokens, DSequences> d, Scope s) {
    if constexpr (std::is_same_v<DSequences, nothing>) return TokenHead::walk_back(c, t.tokens, d.tokens, s);
    else if constexpr (std::is_same_v<DTokens, nothing>)
      return sequence_head::walk_back(c, t.sequences, d.sequences, s);
    else {
      auto dx_tokens = TokenHead::walk_back(c, t.tokens, d.tokens, s);
      auto dx_sequences = sequence_head::walk_back(c, t.sequences, d.sequences, s);
      auto dx = c.template make<typename decltype(dx_tokens)::shape>(dx_tokens, dx_sequences);
      c.run(add_operation<decltype(dx)::width>{}, dx_tokens, dx_sequences, out(dx));  // both heads read x
      return dx;
    }
  }
};

}  // namespace typeformer
