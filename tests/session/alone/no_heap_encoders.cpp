// SPDX-License-Identifier: BSL-1.0
// After construction a forward pass of an encoder never allocates: while `armed`, every allocation ends the program.
#include <array>

#include <support/armed_heap.hpp>
#include <support/catch.hpp>

#include <laws/models.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

namespace {

using namespace typeformer;

/// Counts the calls with the expected result: alone, observed, ragged, padded with holes, rejected.
template <bool Observes = false, class ForwardPass> int run_armed(ForwardPass& forward) {
  constexpr std::array<std::int32_t, 6> ids{1, 2, 3, 4, 5, 6}, segments{0, 0, 0, 1, 1, 1}, outside{0, 0, 9, 0, 0, 0};
  constexpr std::array<std::uint8_t, 6> valid{0, 1, 1, 1, 0, 1};
  const std::array<segmented_tokens, 2> texts{segmented_tokens{ids, segments},
                                              segmented_tokens{std::span{ids}.first(2)}};
  int right = 0, seen = 0;
  [[maybe_unused]] const auto observer = [&](observation, loop_place, auto, typeformer::index_type) { ++seen; };
  armed = true;
  right += bool(forward.run(std::span{ids}));
  if constexpr (Observes) right += forward.run(texts[0], observer) && seen > 0;
  else right += bool(forward.run(texts[0]));
  right += bool(forward.run(std::span<const segmented_tokens>{texts}));
  right += bool(forward.run(padded_tokens{.ids = ids, .valid = valid, .length = 3, .segments = segments}));
  right += !forward.run(segmented_tokens{ids, outside});
  right += !forward.run(padded_tokens{.ids = ids, .valid = valid, .length = 2});
  armed = false;
  return right;
}

template <class M, class... Options> void check_owned() {
  const parameters<M> values;
  const weights<M> packed{values};
  REQUIRE(packed.available());
  forward_pass<M, batch<2>, Options...> forward{packed};
  CHECK(run_armed<has_option<observing, Options...>>(forward) == 6);
}
template <class M> void check_in_place() {
  static std::array<float, std::size_t(layout_of<M>.parameters)> values{};
  static const canonical_weights<M> flash{values};
  static forward_pass<M, batch<2>, storage::in_place, reads<canonical>> forward{flash};
  CHECK(run_armed(forward) == 6);
}

}  // namespace

TEST_CASE("allocates nothing after construction: a forward pass with owned storage") {
  check_owned<laws::small_bert>();
  check_owned<laws::small_bert, observing>();
  check_owned<laws::small_roberta>();
  check_owned<laws::small_albert>();
  check_owned<laws::small_classifier>();
}
TEST_CASE("allocates nothing at all: a forward pass in place") {
  check_in_place<laws::small_bert>();
  check_in_place<laws::small_roberta>();
  check_in_place<laws::small_albert>();
  check_in_place<laws::small_classifier>();
}
