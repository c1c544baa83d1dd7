// SPDX-License-Identifier: BSL-1.0
// State in nested loops: a layer that keeps a running sum.
#include <laws/check_verdict.hpp>
#include <support/running_sum.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer {
namespace {

constexpr index_type width_of_stream = 4;
using stack = repeat<2, sequential<repeat<3, residual<testing::running_sum<>, linear<width_of_stream>>>,
                                   testing::running_sum<>, linear<width_of_stream>>>;
using probed = laws::probe<stack, width_of_stream>::inference;
constexpr capacities evaluated{2, 5, 0}, cached{2, 5, 5};
using evaluation = walk_use<purpose::evaluate, evaluated>;
using decoding_state = walk_use<purpose::decode, cached>;

}  // namespace

TEST_CASE("has a separate state for every iteration of nested loops") {
  using plan = planned<probed, decoding_state>;
  static_assert(plan::value.state_count == 2);
  static_assert(plan::value.state == 2 * (3 + 1) * 2 * width_of_stream, "outer * (inner + 1) * batch * width");
  const laws::shadow_report report = laws::watch_memory<probed, decoding_state>();
  CHECK(report.errors() == 0);
  CHECK(report.reads > 0);
}

TEST_CASE("finds the state of each sequence when tokens come one by one") {
  const index_type first_row[] = {0, 5, 8};
  token_batch whole;
  whole.sequences = 2;
  whole.rows = 8;
  whole.first_row = first_row;
  const std::vector<double> weights = laws::random_values<double>(planned<probed, evaluation>::value.parameters);
  laws::walk_runner<probed, evaluation, double> at_once;
  const std::vector<double> expected = at_once.values(canonical_weights_view<double>{weights.data()}, whole);

  laws::walk_runner<probed, decoding_state, double> step_by_step;
  index_type past[] = {0, 0};
  const auto take = [&](index_type first_count, index_type second_count) {
    const index_type counts[] = {first_count, second_count}, rows[] = {0, first_count, first_count + second_count};
    token_batch batch;
    batch.sequences = 2;
    batch.rows = rows[2];
    batch.first_row = rows;
    batch.past = past;
    std::vector<double> same = weights;  // the input is the first parameter
    for (std::size_t s = 0; s < 2; ++s)
      for (index_type i = 0; i < counts[s] * width_of_stream; ++i)
        same[std::size_t(rows[s] * width_of_stream + i)] =
            weights[std::size_t((first_row[s] + past[s]) * width_of_stream + i)];
    const std::vector<double> got = step_by_step.values(canonical_weights_view<double>{same.data()}, batch);
    for (std::size_t s = 0; s < 2; ++s) {
      for (index_type i = 0; i < counts[s] * width_of_stream; ++i)
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
