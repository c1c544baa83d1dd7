// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/transformer_xl_attention.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: transformer_xl_attention") {
  check_verdict(examine_layer<transformer_xl_attention<heads<2>>, 8>());
}
TEST_CASE("obeys the laws: transformer_xl_attention with its own head width, scale and angle") {
  check_verdict(examine_layer<transformer_xl_attention<heads<3>, head_width<5>, score_scale<0.7>, theta<50.0>>, 6>());
}
TEST_CASE("obeys the laws: bidirectional transformer_xl_attention") {
  check_verdict(examine_layer<transformer_xl_attention<heads<2>, bidirectional>, 8, laws::sees_later_tokens>());
}
TEST_CASE("obeys the laws: bidirectional transformer_xl_attention with a memory of earlier segments") {
  check_verdict(examine_layer<transformer_xl_attention<heads<3>, head_width<5>, theta<50.0>, bidirectional>, 6,
                              laws::examination{.decodes = false, .memory = 3}>());
}
TEST_CASE("obeys the laws: transformer_xl_attention with a memory of earlier segments") {
  check_verdict(examine_layer<transformer_xl_attention<heads<2>>, 8, laws::examination{.memory = 3}>());
}
TEST_CASE("obeys the laws: transformer_xl_attention with a memory that is longer than a segment") {
  check_verdict(examine_layer<transformer_xl_attention<heads<3>, head_width<5>>, 6, laws::examination{.memory = 9}>());
}
