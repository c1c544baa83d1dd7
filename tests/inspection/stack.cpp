// SPDX-License-Identifier: BSL-1.0
// No frame grows with a model: what calls take of the stack is bounded by a constant, on this machine. tests/embedded
// measures the same on a microcontroller.
#include <embedded/stack_cases.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <support/small_stack.hpp>

TEST_CASE("keeps inference and training of every composition within stack_bytes") {
#if defined(TYPEFORMER_TEST_GUARDED_FRAMES) || !defined(__OPTIMIZE__)
  typeformer::testing::report_skipped("stack_bytes is of optimized builds without sanitizers");
#else
  stack_cases::measure_all([](const char* name, const char* use, std::size_t used, std::size_t bound) {
    INFO(name << ", " << use);
    CHECK(used > 4096);
    CHECK(used <= bound);
  });
#endif
}

namespace {
namespace tf = typeformer;
using tf::decoding, tf::stack_bytes, tf::training_with;
template <class M> inline constexpr auto training_stack = stack_bytes<M, training_with<tf::causal_language_model>>;

static_assert(stack_bytes<stack_cases::one_block, decoding> == stack_bytes<stack_cases::eight_blocks, decoding>);
static_assert(training_stack<stack_cases::one_block> == training_stack<stack_cases::eight_blocks>);
}  // namespace
