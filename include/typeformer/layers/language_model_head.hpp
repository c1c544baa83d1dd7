// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer {

template <index Width> struct select_last_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index Width, index Vocabulary> struct tied_head_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width * Vocabulary; }
};
template <index Width, index Vocabulary> struct tied_head_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Width * Vocabulary; }
};

namespace detail {

/// The rows whose logits the use asks for: all, or the last of each sequence.
template <class Context, class X> constexpr auto rows_with_logits(Context& c, X x) {
  c.observe(observation::final_hidden_state, x);
  if constexpr (Context::use::delivers_last_rows) {
    const auto last = c.template make<sequence_rows<X::width>>();
    c.run(select_last_rows_operation<X::width>{}, x, out(last));
    return last;
  } else {
    return x;
  }
}

}  // namespace detail

/// logits = h Eᵀ with the token embedding's own table E (Press, Wolf 2017, arXiv:1608.05859).
///
/// h [rows][width], E [vocabulary][width], logits [rows][vocabulary]. The last layer of a model; an embedding of another
/// width is a mismatch. Cost: 2 · width · vocabulary FLOPs a row.
struct tied_head {
  static constexpr const char* name = "head";
  template <class Embedding, class In>
  using infer_logits =
      std::conditional_t<In::width == Embedding::width, rows<In::rows_are, Embedding::vocabulary>,
                         error::tied_head_has_another_width_than_the_embedding<
                             width<In::width>, width<Embedding::width>, tied_head>>;

  template <class Logits, class H, class Table> struct trace_of {
    Logits y;
    H h;
    Table table;
  };

  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope s) {
    using table = decltype(s.token_table);
    const auto h = detail::rows_with_logits(c, x);
    using logits = ref<rows<decltype(h)::rows_are, table::rows>>;
    const logits y = c.template make<typename logits::shape>();
    c.run(tied_head_operation<X::width, table::rows>{}, h, s.token_table, out(y));
    return trace_of<logits, std::remove_const_t<decltype(h)>, table>{y, h, s.token_table};
  }
  template <class Context, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Context& c, Trace t, DY dy, Scope) {
    using h = decltype(t.h);
    const h dh = c.template make<typename h::shape>();
    c.run(tied_head_back_operation<h::width, DY::width>{}, t.h, t.table, dy, out(dh), gradient_of(t.table));
    return dh;
  }
};

/// logits = h Wᵀ with weights of its own.
///
/// h [rows][width], W [vocabulary][width], logits [rows][vocabulary]; without bias unless `with_bias`.
/// Cost: 2 · width · vocabulary FLOPs a row.
template <class... Options> struct untied_head {
  static constexpr const char* name = "head";
  template <class Embedding, class In> using infer_logits = rows<In::rows_are, Embedding::vocabulary>;

  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope s) {
    const auto h = detail::rows_with_logits(c, x);
    c.enter(name);
    auto trace = map<Scope>::walk(c, h, s);
    c.leave();
    return trace;
  }
  template <class Context, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Context& c, Trace t, DY dy, Scope s) {
    return map<Scope>::walk_back(c, t, dy, s);
  }

 private:
  template <class Scope>
  using map = linear<decltype(Scope::token_table)::rows,
                     std::conditional_t<has_option<with_bias, Options...>, with_bias, without_bias>>;
};

}  // namespace typeformer
