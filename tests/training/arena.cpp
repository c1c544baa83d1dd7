// SPDX-License-Identifier: BSL-1.0
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/objectives/training_pass.hpp>

#include "support/catch.hpp"

namespace typeformer {
namespace {

struct gpt2_small : gpt2<gpt2_config{}> {};
struct gpt2_small_recomputed : gpt2<gpt2_config{.recomputes_blocks = true}> {};

using training_512 = training_with<causal_language_model, tokens<512>>;
template <class M> constexpr auto& plan_for = planned<training_512::walk<M>, training_512::use<M>>::value;

// 305.5 MB and 49.5 MB; both are minimal.
static_assert(plan_for<gpt2_small>.arena[0] == 80'091'201);
static_assert(plan_for<gpt2_small>.arena[0] == plan_for<gpt2_small>.live_bound);
static_assert(plan_for<gpt2_small_recomputed>.arena[0] == 12'984'321);
static_assert(plan_for<gpt2_small_recomputed>.arena[0] == plan_for<gpt2_small_recomputed>.live_bound);

TEST_CASE("keeps little more than the inputs of the twelve blocks if they are recomputed") {
  constexpr index_type entering = 512 * 768;
  const index_type kept = plan_for<gpt2_small>.arena[0], recomputed = plan_for<gpt2_small_recomputed>.arena[0];
  CHECK(recomputed < kept / 6);
  CHECK(recomputed > 12 * entering);
}

}  // namespace
}  // namespace typeformer
