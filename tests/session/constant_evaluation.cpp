// SPDX-License-Identifier: BSL-1.0
// A session that runs while the program is compiled gives the numbers that it gives at run time.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <support/catch.hpp>
#include <typeformer/models/listed_rotary_tables.hpp>
#include <typeformer/typeformer.hpp>

namespace typeformer {
namespace {

using slow = rotary_positions<context<4>, rotary_width<2>, half_split_pairs, theta<100.0>,
                              llama3_frequencies<8.0, 1.0, 4.0, 60>>;
using fast = rotary_positions<context<4>, rotary_width<2>, adjacent_pairs, theta<50.0>, yarn_frequencies<4.0, 60>>;
using attention = self_attention<heads<2>, without_output_bias, clipped_projections<0.75>,
                                 query_key_norm<rms_norm<unit_offset>, own_weights_of_heads>>;

struct small : decoder_only<token_embedding<vocabulary<5>, width<4>>,
                            rotary_positions_of_layers<listed_rotary_tables<1, -1, 0>, slow, fast>,
                            repeat<3, sequential<residual<named<"norm", layer_norm<without_weight>>,
                                                          named<"attention", attention>, multiplied<0.5>>,
                                                 residual<named<"feed_forward", gated_feed_forward<3, silu>>>>>,
                            named<"final_norm", layer_norm<unit_offset>>, soft_capped_logits<tied_head, 1.5>> {};

constexpr auto values = [] {
  std::array<float, std::size_t(parameter_count<small>)> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = float(int(i * 37 % 41) - 20) / 32;
  return all;
}();

constexpr std::array<float, 5> logits_of_two_calls() {
  const canonical_weights<small> weights{values};
  session<small, storage::in_place, reads<canonical>> run{weights};
  const std::array<std::int32_t, 2> prompt{3, 1};
  std::array<float, 5> logits{};
  if (!run.prefill(prompt)) return logits;
  const auto last = run.decode(4);
  for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = (*last)[i];
  return logits;
}

}  // namespace

TEST_CASE("computes in constant evaluation what it computes at run time: a session") {
  constexpr std::array<float, 5> early = logits_of_two_calls();
  const std::array<float, 5> late = logits_of_two_calls();
  float largest = 0;
  for (std::size_t i = 0; i < early.size(); ++i) {
    CHECK(early[i] == Approx(late[i]).margin(2e-6));
    largest = std::max(largest, std::abs(early[i]));
  }
  CHECK(largest > 0.1f);
  CHECK(largest < 1.5f);
}

}  // namespace typeformer
