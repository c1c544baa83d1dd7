// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/models/gopher.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

constexpr gopher_config small{
    .layers = 3, .width = 8, .heads = 2, .head_width = 3, .hidden = 12, .vocabulary = 11, .context = 24};
constexpr gopher_config untied(gopher_config c) { return c.tied = false, c; }
constexpr gopher_config recomputing(gopher_config c) { return c.recomputes_blocks = true, c; }

struct small_gopher : gopher<small> {};
struct small_untied_gopher : gopher<untied(small)> {};
struct small_recomputing_gopher : gopher<recomputing(small)> {};

template <gopher_config C> struct published : gopher<C> {};

/// Elements of all matrices, which the published sizes count, without gains and biases.
template <Model M> constexpr std::int64_t matrices() {
  std::int64_t count = 0;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    const auto name = t.name();
    if (name.view().ends_with("weight") && t.of->kind != parameter_kind::vector) count += t.size();
  });
  return count;
}

}  // namespace

// The sums of Rae et al. 2021, table 1, and Hoffmann et al. 2022, table 4: 44M, 117M, 417M, 1.4B, 7.1B, 280B; 70B.
static_assert(matrices<published<gopher_44m>>() == 43'646'976);
static_assert(matrices<published<gopher_117m>>() == 116'588'544);
static_assert(matrices<published<gopher_417m>>() == 417'202'176);
static_assert(matrices<published<gopher_1_4b>>() == 1'374'158'848);
static_assert(matrices<published<gopher_7_1b>>() == 7'110'393'856);
static_assert(matrices<published<gopher_280b>>() == 279'697'162'240);
static_assert(matrices<published<chinchilla_70b>>() == 70'055'362'560);
static_assert(parameter_count<published<chinchilla_70b>> ==
              70'055'362'560 + 80 * (2 * 8192 + 2 * 8192 + 32768 + 8192) + 8192);

TEST_CASE("obeys the laws: a small Gopher") { check_verdict(examine_model<small_gopher>()); }
TEST_CASE("obeys the laws: a small Gopher with an untied head") { check_verdict(examine_model<small_untied_gopher>()); }
TEST_CASE("obeys the laws: a small Gopher that recomputes its blocks") {
  check_verdict(examine_model<small_recomputing_gopher>());
}

TEST_CASE("decodes what it evaluates: Gopher") {
  const auto values = testing::random_parameters<small_gopher>(5);
  weights<small_gopher> packed;
  packed.pack(values.data());
  session<small_gopher, batch<2>, tokens<5>> decoding{packed};
  forward_pass<small_gopher, batch<1>> evaluating{packed};
  const std::vector<std::int32_t> first{1, 4, 9, 3, 10, 0, 7, 2, 2, 5, 8}, second{6, 0, 10, 1};
  // Of unequal length, in passes of five tokens, then one by one. The sequences exchange places in between.
  const std::span<const std::int32_t> prompts[] = {std::span(first).first(7), std::span(second).first(1)};
  REQUIRE(decoding.prefill(std::span<const std::span<const std::int32_t>>{prompts}));
  const auto step = [&](std::int32_t a, std::int32_t b) {
    const std::int32_t ids[] = {a, b};
    REQUIRE(decoding.decode(std::span<const std::int32_t>{ids}));
  };
  step(first[7], second[1]);
  const typeformer::index_type exchange[] = {1, 0};
  REQUIRE(decoding.reorder(exchange));
  step(second[2], first[8]);
  step(-1, first[9]);
  step(second[3], first[10]);
  const auto check = [&](typeformer::index_type sequence, const std::vector<std::int32_t>& tokens) {
    const auto all = evaluating.run(std::span<const std::int32_t>{tokens});
    REQUIRE(all);
    const float* const last = (*all)[typeformer::index_type(tokens.size()) - 1];
    for (std::size_t id = 0; id < small.vocabulary; ++id)
      CHECK((*decoding.logits(sequence))[id] == Approx(last[id]).epsilon(1e-4).margin(1e-5));
  };
  check(0, second);
  check(1, first);
}
