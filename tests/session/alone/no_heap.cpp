// SPDX-License-Identifier: BSL-1.0
// After construction a session never allocates: while `armed`, every allocation ends the program.
#include <array>

#include <support/armed_heap.hpp>
#include <support/catch.hpp>

#include <laws/models.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace {

using namespace typeformer;

/// Counts the calls that succeeded, with a padded batch if the session takes two sequences.
template <class Session> int run_armed(Session& run) {
  const std::array<std::int32_t, 4> prompt{1, 2, 3, 4};
  int succeeded = 0;
  armed = true;
  succeeded += bool(run.prefill(prompt));
  succeeded += bool(run.decode(5));
  succeeded += bool(run.decode(6));
  succeeded += !run.decode(99);  // rejected, still without an allocation
  succeeded += bool(run.truncate(0, 2));
  succeeded += bool(run.prefill(prompt));
  run.reset();
  succeeded += bool(run.decode(7));
  armed = false;
  return succeeded;
}

template <class M> void check_owned() {
  const parameters<M> values;
  const weights<M> packed{values};
  REQUIRE(packed.available());
  session<M> run{packed};
  CHECK(run_armed(run) == 7);
  CHECK(run.length() == 1);
}
template <class M> void check_in_place() {
  static std::array<float, std::size_t(layout_of<M>.parameters)> values{};
  static const canonical_weights<M> flash{values};
  static session<M, storage::in_place, reads<canonical>> run{flash};
  CHECK(run_armed(run) == 7);
}

}  // namespace

TEST_CASE("allocates nothing after construction: a session with owned storage") {
  check_owned<laws::small_gpt2>();
  check_owned<laws::small_llama>();
}
TEST_CASE("allocates nothing at all: a session in place") {
  check_in_place<laws::small_gpt2>();
  check_in_place<laws::small_llama>();
}
TEST_CASE("detects an allocation: the guard") {
  ::operator delete(::operator new(1));  // not armed: passes
  CHECK_FALSE(armed);
}
