// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer;
using namespace typeformer::laws;

TEST_CASE("obeys the laws: a small encoder-decoder") {
  check_verdict(examine_model<small_encoder_decoder>(), {.decoding = 18});
}
TEST_CASE("obeys the laws: an encoder-decoder with causal attention to its source and without final norms") {
  check_verdict(examine_model<small_transducer>());
}
