// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

namespace {
/// First fit leaves a gap beside the rotary table.
constexpr gaps beside_the_table{.training = 40, .evaluation = 72};
}  // namespace

TEST_CASE("obeys the laws: a small Llama with grouped queries") {
  check_verdict(examine_model<small_llama>(), beside_the_table);
}
TEST_CASE("obeys the laws: a small Llama with a tied head and adjacent pairs") {
  check_verdict(examine_model<small_tied_llama>(), beside_the_table);
}
