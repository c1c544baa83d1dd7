// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index Vocabulary, index Width> struct token_embedding_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index Vocabulary, index Width, index Padding> struct token_embedding_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// The id of padding, whose row gets no gradient from being looked up.
template <index Id> struct padding { static constexpr index value = Id; };
using no_padding = padding<-1>;

/// y = table[id]: the row of each token's id; the first layer of a model.
///
/// ids [rows], table [vocabulary][width], y [rows][width]. Precondition: 0 ≤ id < vocabulary, checked by the session.
/// A `tied_head` later in the model reads the same table. Option: `padding<id>`.
template <class Vocabulary, class Width, class Padding = no_padding> struct token_embedding {
  static constexpr const char* name = "token_embedding";
  static constexpr index vocabulary = Vocabulary::value, width = Width::value;
  using shape = token_rows<width>;
  using table_parameter = parameter<parameter_kind::table, vocabulary, width>;

  template <class Scope> struct trace_of {
    ref<shape> y;
    table_parameter table;
    Scope scope;
  };

  template <class Context, class Scope> static constexpr auto walk(Context& c, Scope s) {
    c.enter(name);
    const auto table =
        c.template param<parameter_kind::table, vocabulary, width>(named_rows{"weight", vocabulary});
    c.leave();
    const auto y = c.template make<shape>();
    c.run(token_embedding_operation<vocabulary, width>{}, table, out(y));
    const auto inside = with_token_table(s, table);
    return trace_of<std::remove_const_t<decltype(inside)>>{y, table, inside};
  }
  template <class Context, class Trace, class DY> static constexpr void walk_back(Context& c, Trace t, DY dy) {
    c.run(token_embedding_back_operation<vocabulary, width, Padding::value>{}, dy, gradient_of(t.table));
  }
};

}  // namespace typeformer
