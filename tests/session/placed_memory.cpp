// SPDX-License-Identifier: BSL-1.0
// Sessions in regions of the caller's, and training without a heap.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

namespace tf = typeformer;

namespace {

struct gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<24>, tf::width<16>>, tf::learned_positions<tf::context<12>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>,
                                                        tf::feed_forward<32, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

using use = tf::decoding_with<tf::tokens<4>, tf::reads<tf::canonical>>;
using sizes = tf::footprint<gpt, use>;
tf::storage::region<sizes::arena_bytes> fast;
tf::storage::region<sizes::state_bytes> slow, other;

template <auto& State>
using placed_session = tf::session<gpt, tf::tokens<4>, tf::reads<tf::canonical>, tf::storage::placed<fast, State>>;
using contained_session = tf::session<gpt, tf::tokens<4>, tf::reads<tf::canonical>, tf::storage::in_place>;

using placed_sizes =
    tf::footprint<gpt, tf::decoding_with<tf::tokens<4>, tf::reads<tf::canonical>, tf::storage::placed<fast, slow>>>;
static_assert(placed_sizes::region_bytes == sizes::arena_bytes + sizes::state_bytes);
static_assert(placed_sizes::ram_bytes == std::int64_t(sizeof(placed_session<slow>)) + placed_sizes::region_bytes);
static_assert(placed_sizes::heap_bytes == 0 && sizes::region_bytes == 0);
static_assert(!std::is_copy_constructible_v<placed_session<slow>>);

tf::parameters<gpt> drawn() {
  tf::parameters<gpt> values;
  tf::initialize(values, tf::philox{3});
  return values;
}

}  // namespace

TEST_CASE("sessions in regions compute what a session in place does, and may have the same activations") {
  const auto values = drawn();
  const tf::canonical_weights<gpt> weights{values};
  contained_session expected{weights}, expected_other{weights};
  placed_session<slow> run{weights};
  placed_session<other> second{weights};
  const std::int32_t prompt[] = {3, 17, 4, 21, 9}, other_prompt[] = {1, 2};
  const auto equal = [](const auto& a, const auto& b) {
    REQUIRE(a);
    REQUIRE(b);
    return std::vector<float>(a->begin(), a->end()) == std::vector<float>(b->begin(), b->end());
  };
  CHECK(equal(run.prefill(prompt), expected.prefill(prompt)));
  CHECK(equal(second.prefill(other_prompt), expected_other.prefill(other_prompt)));
  for (std::int32_t id = 0; id < 4; ++id) {
    CHECK(equal(run.decode(id), expected.decode(id)));
    CHECK(equal(second.decode(20 - id), expected_other.decode(20 - id)));
  }
}

TEST_CASE("parameters and the state of an optimizer in place take the same steps as those on the heap") {
  using objective = tf::causal_language_model;
  struct in_place {
    tf::parameters<gpt, float, tf::storage::in_place> values;
    tf::optimizer_state<gpt, tf::adamw, float, tf::storage::in_place> moments;
    tf::training_pass<gpt, objective, tf::batch<1>, tf::tokens<6>, tf::storage::in_place> pass;
  };
  const auto memory = std::make_unique<in_place>();
  tf::parameters<gpt> values;
  tf::optimizer_state<gpt, tf::adamw> moments;
  tf::training_pass<gpt, objective, tf::batch<1>, tf::tokens<6>> pass;
  tf::initialize(memory->values, tf::philox{5});
  tf::initialize(values, tf::philox{5});
  const std::int32_t ids[] = {1, 2, 3, 4, 5, 6}, labels[] = {2, 3, 4, 5, 6, 7}, positions[] = {0, 1, 2, 3, 4, 5};
  const tf::index_type first_row[] = {0, 6};
  const auto step = [&](auto& trained, auto& state, auto& run) {
    std::vector<float> gradients(static_cast<std::size_t>(tf::parameters<gpt>::count));
    tf::token_batch batch{};
    batch.rows = 6;
    batch.sequences = 1;
    batch.first_row = first_row;
    batch.ids = ids;
    batch.positions = positions;
    batch.labels = labels;
    const auto loss = run.run(trained.data(), gradients.data(), batch);
    REQUIRE(loss);
    tf::optimizer_step(tf::adamw{}, trained, gradients.data(), state, state.next_step(1e-2));
    return *loss;
  };
  for (int i = 0; i < 3; ++i) {
    const float a = step(memory->values, memory->moments, memory->pass), b = step(values, moments, pass);
    CHECK(a == b);
  }
  CHECK(std::equal(values.data(), values.data() + values.size(), memory->values.data()));
}
