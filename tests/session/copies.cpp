// SPDX-License-Identifier: BSL-1.0
// A copied or moved session is independent of the original.
#include <memory>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/layer_session.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
struct small : gpt2<gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 11, .context = 12}> {};
struct translating
    : t5<t5_config{
          .layers = 1, .width = 8, .heads = 2, .head_width = 4, .hidden = 8, .vocabulary = 11, .context = 12}> {};

template <class Session> std::vector<float> logits_of(const Session& run) {
  const std::span<const float> row = *run.logits(0);
  return {row.begin(), row.end()};
}
template <class To, class From> constexpr bool made_from = std::is_constructible_v<To, From>;
using of_a_file = canonical_weights<small>;
using alone = layer_session<linear<2>, width<3>, tokens<4>>;

}  // namespace

TEST_CASE("rejects calls with weights that were moved from") {
  using problem = inference_error::problem;
  weights<small> values{testing::random_parameters<small>(1)};
  const weights<small> kept{std::move(values)};
  const weights<small>& gone = values;  // NOLINT: that is the question
  CHECK_FALSE(gone.available());
  session<small> run{gone};
  CHECK(run.prefill(ids{1}).error().what == problem::no_memory);
  CHECK(run.logits(0).error().what == problem::no_memory);
  CHECK(run.reorder(std::vector<index_type>{0}).error().what == problem::no_memory);
  session<small, storage::in_place> in_place{gone};
  const std::vector<std::uint8_t> valid{1};
  CHECK(in_place.prefill(padded_tokens{ids{1}, valid, 1}).error().what == problem::no_memory);
  forward_pass<small> forward{gone};
  CHECK(forward.run(ids{1}).error().what == problem::no_memory);
  CHECK_FALSE(values.pack_in_place());
  float untouched = 7;
  values.unpack(&untouched);
  CHECK(untouched == 7);

  auto parameters_of_small = testing::random_parameters<small>(1);
  const auto moved = std::move(parameters_of_small);
  const canonical_weights<small> nowhere{parameters_of_small};  // NOLINT
  session<small, reads<of_a_file>> of_nothing{nowhere};
  CHECK(of_nothing.prefill(ids{1}).error().what == problem::no_memory);

  weights<alone::model> of_layer;
  const weights<alone::model> taken{std::move(of_layer)};
  alone layer{of_layer};  // NOLINT
  CHECK_FALSE(layer.available());
}

TEST_CASE("keeps its own logits and text: a copy of a session in place") {
  const weights<small> values{testing::random_parameters<small>(1)};
  using in_place = session<small, storage::in_place>;
  const auto original = std::make_unique<in_place>(values);
  REQUIRE(original->prefill(ids{1, 2, 3}));
  const std::vector<float> before = logits_of(*original);
  auto copy = std::make_unique<in_place>(*original);
  REQUIRE(original->decode(7));
  CHECK(logits_of(*original) != before);
  CHECK(logits_of(*copy) == before);
  CHECK(copy->length() == 3);
  REQUIRE(copy->decode(7));
  CHECK(logits_of(*copy) == logits_of(*original));
  REQUIRE(original->decode(1));
  *copy = *original;
  const std::vector<float> assigned = logits_of(*original);
  original->reset();
  REQUIRE(original->decode(9));
  CHECK(logits_of(*copy) == assigned);
}

TEST_CASE("reads the sources that the original was given: a copy of a session in place") {
  const weights<translating> values{testing::random_parameters<translating>(1)};
  using in_place = session<translating, storage::in_place>;
  const auto original = std::make_unique<in_place>(values), other = std::make_unique<in_place>(values);
  REQUIRE(original->read(ids{1, 2, 3}));
  const auto copy = std::make_unique<in_place>(*original);
  REQUIRE(original->read(ids{4, 5}));
  REQUIRE(other->read(ids{1, 2, 3}));
  for (in_place* run : {original.get(), copy.get(), other.get()}) REQUIRE(run->prefill(ids{0, 1}));
  CHECK(logits_of(*copy) == logits_of(*other));
  CHECK(logits_of(*copy) != logits_of(*original));
}

TEST_CASE("moves the memory of a session, and rejects calls of the old one") {
  const weights<small> values{testing::random_parameters<small>(1)};
  session<small> original{values};
  REQUIRE(original.prefill(ids{1, 2, 3}));
  const std::vector<float> before = logits_of(original);
  session<small> moved{std::move(original)};
  CHECK(logits_of(moved) == before);
  CHECK(original.prefill(ids{1}).error().what == inference_error::problem::no_memory);  // NOLINT: that is the question
  CHECK(original.logits(0).error().what == inference_error::problem::no_memory);
  CHECK(original.reorder(std::vector<index_type>{0}).error().what == inference_error::problem::no_memory);
  session<small> assigned{values};
  assigned = std::move(moved);
  CHECK(logits_of(assigned) == before);
  REQUIRE(assigned.decode(4));
  CHECK(assigned.length() == 4);
}

TEST_CASE("rejects temporary weights where a view of them would dangle") {
  STATIC_REQUIRE(made_from<session<small>, const weights<small>&>);
  STATIC_REQUIRE(made_from<session<small>, weights<small>&>);
  STATIC_REQUIRE_FALSE(made_from<session<small>, weights<small>>);
  STATIC_REQUIRE_FALSE(made_from<session<small>, const weights<small>>);
  STATIC_REQUIRE_FALSE(made_from<forward_pass<small>, weights<small>>);
  STATIC_REQUIRE(made_from<forward_pass<small>, weights<small>&>);
  STATIC_REQUIRE(made_from<session<small, reads<of_a_file>>, of_a_file>);
  STATIC_REQUIRE(made_from<forward_pass<small, reads<of_a_file>>, of_a_file>);
  STATIC_REQUIRE_FALSE(made_from<alone, weights<alone::model>>);
  STATIC_REQUIRE(made_from<alone, const weights<alone::model>&>);
}

}  // namespace typeformer
