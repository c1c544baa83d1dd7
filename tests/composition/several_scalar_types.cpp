// SPDX-License-Identifier: BSL-1.0
// Buffers of integers and of floating-point numbers in one walk, with an arena for each scalar type.
#include <laws/check_verdict.hpp>
#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/layers/linear.hpp>

namespace typeformer {
namespace {

template <index_type Width> struct choose_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Width> struct scale_by_choice_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

template <index_type Width, class W, class S, class Integer>
void execute(choose_operation<Width>, const call<W>&, const S* table, block_view<Integer> choice) {
  for (index_type row = 0; row < choice.rows; ++row)
    for (index_type i = 0; i < Width; ++i) choice[row][i] = Integer(1 + 2 * (table[i] > S{0}) + int(i % 2));
}
template <index_type Width, class W, class S, class Integer>
void execute(scale_by_choice_operation<Width>, const call<W>&, block_view<const S> x, block_view<const Integer> choice,
             block_view<S> y) {
  for (index_type i = 0; i < x.rows * Width; ++i) y.data[i] = x.data[i] * S(choice.data[i]) / S{4};
}

/// y = x · choice / 4. The choice is an integer for each column, repeated in each row and made from a table that gets
/// no gradient.
template <class Integer> struct scaled_by_choice {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
    ref<typename X::shape, Integer> choice;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto table = c.template param<parameter_kind::vector, X::width, 1>(named_rows{"table", X::width});
    const auto choice = c.template make<typename X::shape, Integer>();
    c.run(choose_operation<X::width>{}, table, out(choice));
    const X y = c.template make<typename X::shape>(x);
    c.run(scale_by_choice_operation<X::width>{}, x, choice, out(y));
    return trace_of<X>{y, choice};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(scale_by_choice_operation<X::width>{}, dy, t.choice, out(dx));
    return dx;
  }
};

using stack = repeat<3, residual<linear<6>, scaled_by_choice<std::int32_t>, linear<6>, scaled_by_choice<std::int8_t>>>;
constexpr index_type of_a_choice = 2 * 5 * 6;  // sequences * tokens * width

}  // namespace

TEST_CASE("obeys the laws: integer buffers") { laws::check_verdict(laws::examine_layer<stack, 6>()); }

TEST_CASE("has an arena for each scalar type") {
  using probed = laws::probe<stack, 6>;
  constexpr auto& inference = planned<probed::inference, laws::law_evaluation>::value;
  static_assert(inference.arena[int(arena_of::int32)] == of_a_choice);
  static_assert(inference.arena[int(arena_of::int8)] == of_a_choice);
  constexpr auto& training = planned<probed::training, laws::law_training>::value;
  static_assert(training.arena[int(arena_of::int32)] == 3 * of_a_choice, "a slot for each iteration");
  static_assert(training.arena[int(arena_of::int8)] == 3 * of_a_choice);
  CHECK(laws::watch_memory<probed::training, laws::law_training>().errors() == 0);
}

TEST_CASE("recomputes integers within a checkpoint") {
  using checkpointed = repeat<3, checkpoint<linear<6>, scaled_by_choice<std::int32_t>>>;
  laws::check_verdict(laws::examine_layer<checkpointed, 6>());
  constexpr auto& training = planned<laws::probe<checkpointed, 6>::training, laws::law_training>::value;
  static_assert(training.arena[int(arena_of::int32)] == of_a_choice);
}

}  // namespace typeformer
