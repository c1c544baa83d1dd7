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
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;
  using table_parameter = parameter<parameter_kind::table, vocabulary, width>;

  template <class Scope, axis RowsAre = axis::token> struct trace_of {
    ref<shape_of<RowsAre>> y;
    table_parameter table;
    Scope scope;
  };

  template <axis RowsAre = axis::token, class Context, class Scope> static constexpr auto walk(Context& c, Scope s) {
    c.enter(name);
    const auto table =
        c.template param<parameter_kind::table, vocabulary, width>(named_rows{"weight", vocabulary});
    c.leave();
    return look_up<RowsAre>(c, with_token_table(s, table));
  }
  /// The same with a table that the scope holds already: the second stack of an encoder-decoder.
  template <axis RowsAre, class Context, class Scope> static constexpr auto look_up(Context& c, Scope s) {
    const auto y = c.template make<shape_of<RowsAre>>();
    c.run(token_embedding_operation<vocabulary, width>{}, s.token_table, out(y));
    return trace_of<Scope, RowsAre>{y, s.token_table, s};
  }
  template <class Context, class Trace, class DY> static constexpr void walk_back(Context& c, Trace t, DY dy) {
    c.run(token_embedding_back_operation<vocabulary, width, Padding::value>{}, dy, gradient_of(t.table));
  }
};

}  // namespace typeformer
