// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Vocabulary, index_type Width> struct token_embedding_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Vocabulary, index_type Width, index_type Padding> struct token_embedding_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// The id of padding. A lookup adds no gradient to its row.
template <index_type Id> struct padding {
  static constexpr index_type value = Id;
  static constexpr bool in_range = Id >= -1;
};
using no_padding = padding<-1>;

/// What a token embedding passes down: its table, for a tied head and for a second stack.
template <index_type Vocabulary, index_type Width> struct token_table {
  using key = passes::token_table;
  static constexpr index_type vocabulary = Vocabulary, width = Width;
  template <class Use> using value = parameter<parameter_kind::table, Vocabulary, Width>;
};

/// y = table[id]: the row of each token's id; the first layer of a model.
///
/// ids [rows], table [vocabulary][width], y [rows][width]. Precondition: 0 ≤ id < vocabulary, checked by the session. A
/// `tied_head` later in the model reads the same table. Option: `padding<id>`.
template <class Vocabulary, class Width, class Padding = no_padding> struct token_embedding {
  static constexpr const char* name = "token_embedding";
  static constexpr index_type vocabulary = argument_value<typeformer::vocabulary<1>, Vocabulary>,
                              width = argument_value<typeformer::width<1>, Width>;
  using checked_options =
      both_checks<check_arguments<token_embedding, expects<typeformer::vocabulary<1>, Vocabulary>,
                                  expects<typeformer::width<1>, Width>, expects<no_padding, Padding>>,
                  std::conditional_t<(argument_value<no_padding, Padding> < vocabulary), nothing,
                                     error::option_is_out_of_range<Padding, token_embedding>>>;
  template <axis RowsAre> using shape_of = rows<RowsAre, width>;
  using shape = shape_of<axis::token>;
  using table_entry = token_table<vocabulary, width>;
  using table_parameter = parameter<parameter_kind::table, vocabulary, width>;
  /// The scope of inference below this embedding.
  template <class... Entries> using scope_below = scope<Entries..., declared<table_entry>>;

  template <class Scope, axis RowsAre = axis::token> struct trace_of {
    ref<shape_of<RowsAre>> y;
    table_parameter table;
    Scope scope;
  };

  template <axis RowsAre = axis::token, class Walk, class Scope> static constexpr auto walk(Walk& c, Scope s) {
    c.enter(name);
    const auto table = c.template param<parameter_kind::table, vocabulary, width>(named_rows{"weight", vocabulary});
    c.leave();
    return look_up<RowsAre>(c, pass_down<table_entry, typename Walk::use>(s, table));
  }
  /// The same with a table that is already in the scope: the second stack of an encoder-decoder.
  template <axis RowsAre, class Walk, class Scope> static constexpr auto look_up(Walk& c, Scope s) {
    const auto y = c.template make<shape_of<RowsAre>>();
    const auto table = value_for<passes::token_table>(s);
    c.run(token_embedding_operation<vocabulary, width>{}, c.template input<token_ids, RowsAre>(), table, out(y));
    return trace_of<Scope, RowsAre>{y, table, s};
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    c.run(token_embedding_back_operation<vocabulary, width, argument_value<no_padding, Padding>>{}, dy,
          c.template input<token_ids, DY::rows_are>(), gradient_of(t.table));
  }
};

}  // namespace typeformer
