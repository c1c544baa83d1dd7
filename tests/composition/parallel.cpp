// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/composition/parallel.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

using three_branches =
    parallel<linear<5>, named<"middle", sequential<linear<3>, activation<silu>, linear<5>>>, linear<5, without_bias>>;
using attention = self_attention<heads<2>, key_value_heads<1>, head_width<6>, causal, without_bias>;
template <class Norm> using block = parallel_block<attention, gated_feed_forward<12, silu>, Norm>;

struct parallel_model : rotary_stack<repeat<3, block<layer_norm<without_bias>>>> {};
/// Each branch has a separate norm, as in GPT-NeoX.
struct two_norms_model
    : rotary_stack<
          repeat<3, residual<parallel<sequential<named<"attention_norm", layer_norm<>>, named<"attention", attention>>,
                                      sequential<named<"feed_forward_norm", layer_norm<>>,
                                                 named<"feed_forward", feed_forward<12, gelu_tanh>>>>>>> {};
struct recomputing_model : rotary_stack<repeat<3, checkpoint<block<rms_norm<>>>>> {};

}  // namespace

TEST_CASE("obeys the laws: parallel branches, also if their output has another width than their input") {
  check_verdict(examine_layer<parallel<linear<8>>, 8>());
  check_verdict(examine_layer<three_branches, 8>());
  check_verdict(examine_layer<residual<parallel<linear<8>, layer_norm<>>>, 8>());
  check_verdict(examine_layer<block<layer_norm<>>, 8>(), {.training = 48, .evaluation = 80, .decoding = 80});
}
TEST_CASE("obeys the laws: a branch that returns its input") {
  check_verdict(examine_layer<parallel<dropout<0.0>, linear<8>>, 8>());
}
TEST_CASE("obeys the laws: models of parallel blocks") {
  check_verdict(examine_model<parallel_model>(), {.evaluation = 80, .decoding = 80});
  check_verdict(examine_model<two_norms_model>());
  check_verdict(examine_model<recomputing_model>(), {.training = 48, .evaluation = 80, .decoding = 80});
}
