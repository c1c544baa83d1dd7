// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <vector>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

namespace typeformer {
namespace {

struct small : decoder_only<token_embedding<vocabulary<8>, width<4>>, learned_positions<context<4>>,
                            pre_norm_block<self_attention<heads<2>, causal>, feed_forward<8, relu>>, tied_head> {};
using weights_in_place = canonical_weights<small>;
inline constexpr std::size_t count = std::size_t(parameter_count<small>);

constexpr std::array<float, count> in_flash{1, 2};
constexpr weights_in_place of_constants{in_flash};
static_assert(of_constants.view().data == in_flash.data());
static_assert(weights_in_place{std::span<const float, count>{in_flash}}.view().data == in_flash.data());
static_assert(weights_in_place::from(in_flash)->view().data == in_flash.data());
static_assert(!std::is_constructible_v<weights_in_place, const float*>,
              "a pointer does not tell how many numbers there are");
static_assert(!std::is_constructible_v<weights_in_place, parameters<small>>, "they would be gone");
static_assert(std::is_constructible_v<weights_in_place, const parameters<small>&>);

}  // namespace

TEST_CASE("rejects an array of another size than the parameters") {
  const std::vector<float> short_by_one(count - 1), right(count), long_by_one(count + 1);
  for (const auto* wrong : {&short_by_one, &long_by_one}) {
    const auto rejected = weights_in_place::from(*wrong);
    REQUIRE_FALSE(rejected);
    CHECK(rejected.error().got == std::int64_t(wrong->size()));
    CHECK(rejected.error().expected == std::int64_t(count));
  }
  REQUIRE(weights_in_place::from(right));
  CHECK_FALSE(weights_in_place::from({}));
}

TEST_CASE("computes the same from an array as from parameters") {
  const auto values = testing::random_parameters<small>(5);
  float array[count];
  std::copy_n(values.data(), count, array);
  const weights_in_place one{values}, other{array};
  session<small, reads<weights_in_place>> run{one}, again{other};
  const std::int32_t ids[] = {3, 1, 2};
  const auto expected = run.prefill(ids), got = again.prefill(ids);
  REQUIRE(expected);
  REQUIRE(got);
  for (index_type i = 0; i < 8; ++i) CHECK((*got)[std::size_t(i)] == (*expected)[std::size_t(i)]);
}

}  // namespace typeformer
