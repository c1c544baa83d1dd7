// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/reference/linear.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

constexpr typeformer::index_type classes = 11, stream = 8;

template <class Head>
using stack = decoder_only<token_embedding<vocabulary<classes>, width<stream>>, learned_positions<context<8>>,
                           small_block, named<"final_norm", layer_norm<>>, Head>;
struct tied_model : stack<head_with_bias<tied_head>> {};
struct untied_model : stack<head_with_bias<untied_head>> {};
struct scaled_model : stack<scaled_logits<head_with_bias<tied_head>, 0.5>> {};

static_assert(parameter_count<tied_model> == parameter_count<stack<tied_head>> + classes);
static_assert(parameter_count<untied_model> == parameter_count<stack<untied_head>> + classes);
static_assert(find_tensor(layout_of<tied_model>, "head.bias").size() == classes &&
              !find_tensor(layout_of<tied_model>, "head.weight").of);
static_assert(find_tensor(layout_of<untied_model>, "head.weight").size() == classes * stream);

/// The rows that the head reads.
struct final_rows {
  std::vector<float>* rows;
  template <class Rows> void operator()(observation what, loop_place, Rows seen, typeformer::index_type width) const {
    if (what != observation::final_hidden_state) return;
    for (typeformer::index_type r = 0; r < seen.rows; ++r) rows->insert(rows->end(), seen[r], seen[r] + width);
  }
};

template <class M> void check_logits(const char* weight_name, float factor) {
  const auto values = testing::random_parameters<M>(21);
  const weights<M> packed{values};
  const std::int32_t ids[] = {3, 10, 0, 7};
  std::vector<float> hidden;
  forward_pass<M, observing> forward{packed};
  const auto logits = forward.run(std::span<const std::int32_t>{ids}, final_rows{&hidden});
  REQUIRE(logits);
  REQUIRE(hidden.size() == 4 * stream);
  for (float& h : hidden) h *= factor;
  std::vector<float> expected(4 * classes);
  reference::linear<float>(
      4, {hidden.data(), stream},
      row_major_view<const float>{values.of(find_tensor(layout_of<M>, weight_name)), classes, stream},
      values.of(find_tensor(layout_of<M>, "head.bias")), {expected.data(), classes});
  for (typeformer::index_type r = 0; r < 4; ++r)
    for (typeformer::index_type k = 0; k < classes; ++k)
      CHECK(std::abs((*logits)[r][k] - expected[std::size_t(r * classes + k)]) < 1e-5f);
  session<M> run{packed};
  const auto last = run.prefill(std::span<const std::int32_t>{ids});
  REQUIRE(last);
  for (typeformer::index_type k = 0; k < classes; ++k)
    CHECK(std::abs((*last)[std::size_t(k)] - (*logits)[3][k]) < 1e-5f);
}

}  // namespace

TEST_CASE("obeys the laws: heads with bias") {
  check_verdict(examine_model<tied_model>(), {.training = 16});
  check_verdict(examine_model<untied_model>(), {.training = 16});
}
TEST_CASE("obeys the laws: a scaled head with bias") { check_verdict(examine_model<scaled_model>(), {.training = 16}); }

TEST_CASE("adds the bias to the reference's logits in evaluation and in a session: a head with bias") {
  check_logits<tied_model>("token_embedding.weight", 1);
  check_logits<untied_model>("head.weight", 1);
  check_logits<scaled_model>("token_embedding.weight", 0.5f);
}
