// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/layers/self_attention.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: learned_positions") { check_verdict(examine_layer<learned_positions<context<8>>, 6>()); }
TEST_CASE("obeys the laws: learned_positions that repeat") {
  check_verdict(examine_layer<learned_positions<context<8>, position_period<3>>, 6>());
  check_verdict(examine_layer<learned_positions<context<8>, position_period<2>, first_position_row<1>>, 6>());
}
TEST_CASE("obeys the laws: rotary positions that rotate half-split pairs of grouped queries") {
  check_verdict(examine_layer<sequential<rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<50.0>>,
                                         self_attention<heads<4>, key_value_heads<2>, head_width<4>, causal>>,
                              8>());
}
TEST_CASE("obeys the laws: rotary positions over a divisor") {
  check_verdict(examine_layer<sequential<rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<50.0>,
                                                          position_divisor<2.5>>,
                                         self_attention<heads<2>, causal>>,
                              8>());
}
TEST_CASE("obeys the laws: rotary positions with Llama 3's frequencies and YaRN's") {
  check_verdict(examine_layer<sequential<rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<50.0>,
                                                          llama3_frequencies<8.0, 1.0, 4.0, 60>>,
                                         self_attention<heads<2>, causal>>,
                              8>());
  check_verdict(examine_layer<sequential<rotary_positions<context<8>, rotary_width<4>, adjacent_pairs, theta<50.0>,
                                                          yarn_frequencies<4.0, 60, 8.0, 1.0>>,
                                         self_attention<heads<2>, causal>>,
                              8>());
}
TEST_CASE("obeys the laws: rotary positions that rotate adjacent pairs in a part of each head") {
  check_verdict(examine_layer<sequential<rotary_positions<context<8>, rotary_width<2>, adjacent_pairs, theta<50.0>>,
                                         self_attention<heads<2>, causal, without_bias>>,
                              8>());
}
