// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/composition/checkpoint.hpp>

#include <composition/memory_toy.hpp>

namespace typeformer::toys {
namespace {
using encoder = sequential<linear<6>, activation<gelu_tanh>>;
using block = residual<linear<6>, modulated_by_memory, linear<6>>;
}  // namespace

TEST_CASE("obeys the laws: a buffer of another stack that every iteration reads") {
  laws::check_verdict(laws::examine_layer<with_memory<encoder, repeat<3, block>>, 6>());
}
TEST_CASE("obeys the laws: a buffer of another stack that nested loops read") {
  laws::check_verdict(
      laws::examine_layer<with_memory<encoder, repeat<2, sequential<repeat<2, block>, linear<6>>>>, 6>());
}
TEST_CASE("obeys the laws: a buffer of another stack that a loop of checkpoints reads") {
  laws::check_verdict(laws::examine_layer<with_memory<encoder, repeat<3, checkpoint<block>>>, 6>());
}
TEST_CASE("obeys the laws: a buffer of another stack that a loop writes") {
  laws::check_verdict(
      laws::examine_layer<with_memory<repeat<2, residual<linear<6>, activation<gelu_tanh>>>, repeat<3, block>>, 6>());
}

}  // namespace typeformer::toys
