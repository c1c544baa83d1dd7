// SPDX-License-Identifier: BSL-1.0
// Layers that only some families of encoders have.
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <typeformer/composition/with_pooled.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/dense_transform.hpp>
#include <typeformer/layers/disentangled_attention.hpp>
#include <typeformer/layers/distance_embedding.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/learned_rotary_positions.hpp>
#include <typeformer/layers/token_dropout.hpp>
#include <typeformer/layers/zero_hidden_rows.hpp>

using namespace typeformer;
using namespace typeformer::laws;

TEST_CASE("obeys the laws: dense_transform") {
  check_verdict(examine_layer<dense_transform<gelu_erf>, 6>());
  check_verdict(examine_layer<dense_transform<tanh_activation, layer_norm<without_bias>, without_bias>, 6>());
}
TEST_CASE("obeys the laws: zero_hidden_rows") {
  check_verdict(examine_layer<sequential<linear<6>, zero_hidden_rows>, 8>());
}
TEST_CASE("obeys the laws: token_dropout") {
  check_verdict(examine_layer<sequential<linear<6>, token_dropout<mask_token<1>>>, 8, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: final_norm") { check_verdict(examine_layer<final_norm<layer_norm<>>, 6>()); }

TEST_CASE("obeys the laws: bidirectional attention with a window on both sides") {
  check_verdict(examine_layer<self_attention<heads<2>, bidirectional, two_sided<sliding_window<2>>>, 8,
                              laws::sees_later_tokens>());
  check_verdict(examine_layer<self_attention<heads<4>, key_value_heads<2>, bidirectional, two_sided<sliding_window<3>>>,
                              8, laws::sees_later_tokens>());
}

TEST_CASE("obeys the laws: rotary positions that are a parameter") {
  check_verdict(
      examine_layer<sequential<learned_rotary_positions<context<8>, rotary_width<4>>, self_attention<heads<2>, causal>>,
                    8>());
  check_verdict(
      examine_layer<
          sequential<learned_rotary_positions<context<8>, rotary_width<2>, half_split_pairs, queries_keys_and_values>,
                     self_attention<heads<4>, key_value_heads<2>, head_width<3>, bidirectional, without_bias>>,
          8, laws::sees_later_tokens>());
}
TEST_CASE("begins rotary positions that are a parameter with those that are none") {
  CHECK(rotary_sinusoid<4>(3, 0) == Approx(std::sin(3.0)));
  CHECK(rotary_sinusoid<4>(3, 1) == Approx(std::sin(0.03)));
  CHECK(rotary_sinusoid<4>(3, 2) == Approx(std::cos(3.0)));
  CHECK(rotary_sinusoid<4>(3, 3) == Approx(std::cos(0.03)));
}

TEST_CASE("obeys the laws: disentangled_attention whose projections are those of distances, too") {
  check_verdict(examine_layer<sequential<distance_embedding<context<8>, buckets<2>, maximum_distance<4>, epsilon<1e-3>>,
                                         disentangled_attention<heads<2>, shared_distance_projections>>,
                              8, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: disentangled_attention with its own projections of distances") {
  check_verdict(examine_layer<sequential<distance_embedding<context<8>, maximum_distance<3>>,
                                         disentangled_attention<heads<2>, score_scale<0.7>>>,
                              8, laws::sees_later_tokens>());
  check_verdict(examine_layer<sequential<distance_embedding<context<8>, maximum_distance<2>>,
                                         disentangled_attention<heads<2>, without_distance_keys>>,
                              4, laws::sees_later_tokens>(),
                {.evaluation = 16});
  check_verdict(examine_layer<sequential<distance_embedding<context<8>, maximum_distance<2>>,
                                         disentangled_attention<heads<1>, without_distance_queries>>,
                              4, laws::sees_later_tokens>(),
                {.evaluation = 16});
}
TEST_CASE("obeys the laws: disentangled_attention without distances") {
  check_verdict(examine_layer<disentangled_attention<heads<2>>, 8, laws::sees_later_tokens>());
}
