// SPDX-License-Identifier: BSL-1.0
// Twelve different blocks, so that none is walked once for all: the most costly case for the compiler.
#include <support/catch.hpp>

#include <laws/models.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/laws/shadow_memory.hpp>
#include <typeformer/objectives/training_pass.hpp>

namespace typeformer::laws {
namespace {

template <index_type Hidden>
using block_of = pre_norm_block<self_attention<heads<2>, causal>, feed_forward<Hidden, gelu_tanh>>;

struct distinct_model
    : small_stack<named<"block_0", block_of<9>>, named<"block_1", block_of<10>>, named<"block_2", block_of<11>>,
                  named<"block_3", block_of<12>>, named<"block_4", block_of<13>>, named<"block_5", block_of<14>>,
                  named<"block_6", block_of<15>>, named<"block_7", block_of<16>>, named<"block_8", block_of<17>>,
                  named<"block_9", block_of<18>>, named<"block_10", block_of<19>>, named<"block_11", block_of<20>>> {};

using training = plan_of<distinct_model, training_with<causal_language_model, batch<2>, tokens<5>>>;
using decoding_plan = plan_of<distinct_model, decoding_with<tokens<5>>>;

}  // namespace

TEST_CASE("plans twelve distinct blocks within the compilers' own limits, without a fault") {
  const shadow_report trained =
      watch_memory<objective_walk<distinct_model, causal_language_model>, typename training::use>();
  CHECK(trained.errors() == 0);
  CHECK(trained.reads > 300);
  CHECK(watch_memory<forward_walk<distinct_model>, typename decoding_plan::use>().errors() == 0);
  CHECK(training::value.state_count == 0);
  CHECK(decoding_plan::value.state_count == 24);
  CHECK(decoding_plan::value.arena[0] == decoding_plan::value.live_bound);
  CHECK(training::value.arena[0] == training::value.live_bound + 56);  // first fit leaves a gap between unequal sizes
}

}  // namespace typeformer::laws
