// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/typeformer.hpp>

/// A layer that reads inputs which the library does not have, in a separate namespace.
namespace mine {

namespace tf = typeformer;

/// When a token was said, and how loudly.
struct time_stamps : tf::own_numbers<time_stamps, 2> {
  static constexpr const char* name = "time stamps";
};
struct weekdays : tf::own_ids<weekdays, 7> {
  static constexpr const char* name = "weekdays";
};
struct speakers : tf::own_ids<speakers, 3, 1, tf::axis::sequence> {
  static constexpr const char* name = "speakers";
};

template <tf::index_type Width> struct moment_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 5 * rows * Width; }
};
template <tf::index_type Width> struct moment_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 6 * rows * Width; }
};

/// y = x + rate[0] · t + rate[1] · loudness + days[weekday] + voices[speaker of the sequence].
struct moment_embedding {
  static constexpr const char* name = "moment_embedding";
  template <tf::TokenRows In> using infer = In;

  template <class X> struct trace_of {
    X y;
    tf::parameter<tf::parameter_kind::table, 2, X::width> rate;
    tf::parameter<tf::parameter_kind::table, 7, X::width> days;
    tf::parameter<tf::parameter_kind::table, 3, X::width> voices;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    constexpr auto table = tf::parameter_kind::table;
    c.enter(name);
    const auto rate = c.template param<table, 2, X::width>(tf::named_rows{"rate", 2});
    const auto days = c.template param<table, 7, X::width>(tf::named_rows{"days", 7});
    const auto voices = c.template param<table, 3, X::width>(tf::named_rows{"voices", 3});
    c.leave();
    const X y = c.template make<typename X::shape>(x);
    c.run(moment_operation<X::width>{}, x, c.template input<time_stamps, X::rows_are>(),
          c.template input<weekdays, X::rows_are>(), c.template input<speakers>(), rate, days, voices, out(y));
    return trace_of<X>{y, rate, days, voices};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    c.run(moment_back_operation<X::width>{}, dy, c.template input<time_stamps, X::rows_are>(),
          c.template input<weekdays, X::rows_are>(), c.template input<speakers>(), gradient_of(t.rate),
          gradient_of(t.days), gradient_of(t.voices));
    return dy;
  }
};

template <tf::index_type Width, class W, class S>
constexpr void execute(moment_operation<Width>, const tf::call<W>& c, tf::block_view<const S> x,
                       tf::block_view<const float> stamps, tf::block_view<const std::int32_t> weekday,
                       tf::block_view<const std::int32_t> speaker, tf::row_major_view<const S> rate,
                       tf::row_major_view<const S> days, tf::row_major_view<const S> voices, tf::block_view<S> y) {
  const tf::batch_rows& batch = c.batch_of(x.rows_are);
  for (tf::index_type s = 0; s < batch.sequences; ++s)
    for (tf::index_type row = batch.first_row[s]; row < batch.first_row[s + 1]; ++row)
      for (tf::index_type i = 0; i < Width; ++i)
        y[row][i] = x[row][i] + rate(0, i) * S(stamps[row][0]) + rate(1, i) * S(stamps[row][1]) +
                    days(*weekday[row], i) + voices(*speaker[s], i);
}
template <tf::index_type Width, class W, class S>
constexpr void execute(moment_back_operation<Width>, const tf::call<W>& c, tf::block_view<const S> dy,
                       tf::block_view<const float> stamps, tf::block_view<const std::int32_t> weekday,
                       tf::block_view<const std::int32_t> speaker, tf::row_major_view<S> drate,
                       tf::row_major_view<S> ddays, tf::row_major_view<S> dvoices) {
  const tf::batch_rows& batch = c.batch_of(dy.rows_are);
  for (tf::index_type s = 0; s < batch.sequences; ++s)
    for (tf::index_type row = batch.first_row[s]; row < batch.first_row[s + 1]; ++row)
      for (tf::index_type i = 0; i < Width; ++i) {
        drate(0, i) += dy[row][i] * S(stamps[row][0]);
        drate(1, i) += dy[row][i] * S(stamps[row][1]);
        ddays(*weekday[row], i) += dy[row][i];
        dvoices(*speaker[s], i) += dy[row][i];
      }
}

/// A decoder and an encoder with that layer after the positions.
struct diary : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                                tf::learned_positions<tf::context<8>>, moment_embedding,
                                tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                                 tf::feed_forward<12, tf::gelu_tanh>>>,
                                tf::layer_norm<>, tf::tied_head> {};
struct reader
    : tf::encoder_only<
          tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
          moment_embedding,
          tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::bidirectional>, tf::feed_forward<12, tf::gelu_tanh>>,
          tf::mean_pooling, tf::classifier<3>> {};

}  // namespace mine
