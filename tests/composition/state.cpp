// SPDX-License-Identifier: BSL-1.0
// State in nested loops: a layer that remembers a running sum.
#include <laws/check_verdict.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer {
namespace {

template <index Width> struct running_sum_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index Width> struct remembered_sum_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

template <index Width, class W, class S>
void execute(running_sum_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for (index s = 0; s < c.batch.sequences; ++s)
    for (index i = 0; i < Width; ++i) {
      S sum{0};
      for (index r = c.batch.first_row[s]; r < c.batch.first_row[s + 1]; ++r) y[r][i] = sum += x[r][i];
    }
}
template <index Width, class W, class S> void execute(remembered_sum_operation<Width>, const call<W>& c,
                                                      block_view<const S> x, const S* before, block_view<S> y,
                                                      S* after) {
  for (index s = 0; s < c.batch.sequences; ++s)
    for (index i = 0; i < Width; ++i) {
      S sum = c.batch.past_of(s) > 0 ? before[s * Width + i] : S{0};
      for (index r = c.batch.first_row[s]; r < c.batch.first_row[s + 1]; ++r) y[r][i] = sum += x[r][i];
      after[s * Width + i] = sum;
    }
}

/// y_t = x_0 + … + x_t.
struct running_sum {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    if constexpr (Context::use::remembers) {
      const auto sum = c.template state<sequence_rows<X::width>>();
      c.run(remembered_sum_operation<X::width>{}, x, sum, out(y), out(sum));
    } else {
      c.run(running_sum_operation<X::width>{}, x, out(y));
    }
    return trace_of<X>{y};
  }
};

constexpr index width_of_stream = 4;
using stack =
    repeat<2,
           sequential<repeat<3, residual<running_sum, linear<width_of_stream>>>, running_sum, linear<width_of_stream>>>;
using probed = laws::probe<stack, width_of_stream>::inference;
constexpr capacities evaluated{2, 5, 0}, remembered{2, 5, 5};
using evaluation = walk_use<purpose::evaluate, evaluated>;
using decoding_state = walk_use<purpose::decode, remembered>;

}  // namespace

TEST_CASE("every iteration of nested loops has a state of its own") {
  using plan = planned<probed, decoding_state>;
  static_assert(plan::value.state_count == 2);
  static_assert(plan::value.state == 2 * (3 + 1) * 2 * width_of_stream, "outer * (inner + 1) * batch * width");
  const laws::shadow_report report = laws::watch_memory<probed, decoding_state>();
  CHECK(report.errors() == 0);
  CHECK(report.reads > 0);
}

TEST_CASE("tokens that come one by one find what their sequence remembers") {
  const index first_row[] = {0, 5, 8};
  token_batch whole;
  whole.sequences = 2;
  whole.rows = 8;
  whole.first_row = first_row;
  const std::vector<double> weights = laws::random_values<double>(planned<probed, evaluation>::value.parameters);
  laws::walk_runner<probed, evaluation, double> at_once;
  const std::vector<double> expected = at_once.values(canonical_weights_view<double>{weights.data()}, whole);

  laws::walk_runner<probed, decoding_state, double> step_by_step;
  index past[] = {0, 0};
  const auto take = [&](index first_count, index second_count) {
    const index counts[] = {first_count, second_count}, rows[] = {0, first_count, first_count + second_count};
    token_batch batch;
    batch.sequences = 2;
    batch.rows = rows[2];
    batch.first_row = rows;
    batch.past = past;
    std::vector<double> same = weights;  // the input is the first parameter
    for (std::size_t s = 0; s < 2; ++s)
      for (index i = 0; i < counts[s] * width_of_stream; ++i)
        same[std::size_t(rows[s] * width_of_stream + i)] =
            weights[std::size_t((first_row[s] + past[s]) * width_of_stream + i)];
    const std::vector<double> got = step_by_step.values(canonical_weights_view<double>{same.data()}, batch);
    for (std::size_t s = 0; s < 2; ++s) {
      for (index i = 0; i < counts[s] * width_of_stream; ++i)
        CHECK(got[std::size_t(rows[s] * width_of_stream + i)] ==
              Approx(expected[std::size_t((first_row[s] + past[s]) * width_of_stream + i)]).epsilon(1e-12));
      past[s] += counts[s];
    }
  };
  take(3, 1);
  take(1, 1);
  take(1, 1);
}

}  // namespace typeformer
