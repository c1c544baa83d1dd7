// SPDX-License-Identifier: BSL-1.0
// Storage `in_place` clears nothing: the previous contents of a session's memory must have no effect.
#include <cstring>
#include <memory>
#include <new>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gopher.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

struct gpt2_like : gpt2<gpt2_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 50, .context = 40}> {};
struct llama_like
    : llama<llama_config{
          .layers = 2, .width = 32, .heads = 4, .key_value_heads = 2, .hidden = 48, .vocabulary = 50, .context = 40}> {
};
struct gopher_like
    : gopher<gopher_config{
          .layers = 2, .width = 32, .heads = 4, .hidden = 48, .vocabulary = 50, .context = 16, .memory = 24}> {};
struct t5_like
    : t5<t5_config{
          .layers = 2, .width = 32, .heads = 4, .head_width = 8, .hidden = 48, .vocabulary = 50, .context = 40}> {};

/// An object in memory of which every float is not a number.
template <class T> class amid_rubbish {
 public:
  template <class... Arguments> explicit amid_rubbish(const Arguments&... arguments) {
    std::memset(memory_.get(), 0xff, sizeof(T));
    object_ = new (memory_.get()) T(arguments...);
  }
  T* operator->() { return object_; }

 private:
  struct releases {
    void operator()(void* memory) const { ::operator delete(memory, std::align_val_t{64}); }
  };
  std::unique_ptr<void, releases> memory_{::operator new(sizeof(T), std::align_val_t{64})};
  T* object_ = nullptr;
};

void check_equal(std::span<const float> got, std::span<const float> expected) {
  REQUIRE(got.size() == expected.size());
  CHECK(std::equal(got.begin(), got.end(), expected.begin()));
}

/// Ragged prompts, then tokens one by one, across the borders of passes and panels.
template <class M> void check_session() {
  std::mt19937 generator{3};
  const weights<M> values{testing::random_parameters<M>(5)};
  session<M, batch<3>, tokens<7>> expected{values};
  amid_rubbish<session<M, batch<3>, tokens<7>, storage::in_place>> run{values};
  const auto first = testing::random_ids(generator, 17, 50), second = testing::random_ids(generator, 3, 50);
  const std::array<std::span<const std::int32_t>, 3> prompts{first, second, {}};
  if constexpr (session<M>::reads_source) {
    const std::array<std::span<const std::int32_t>, 3> sources{second, first, second};
    REQUIRE(expected.read(std::span{sources}));
    REQUIRE(run->read(std::span{sources}));
  }
  REQUIRE(expected.prefill(std::span{prompts}));
  REQUIRE(run->prefill(std::span{prompts}));
  for (int step = 0; step < 20; ++step) {
    for (index_type s = 0; s < (step ? 3 : 2); ++s) check_equal(*run->logits(s), *expected.logits(s));
    const std::int32_t ids[]{step % 50, 7 * step % 50, 3 * step % 50};
    REQUIRE(expected.decode(ids));
    REQUIRE(run->decode(ids));
  }
}

template <class M> void check_forward_pass() {
  std::mt19937 generator{13};
  const weights<M> values{testing::random_parameters<M>(5)};
  forward_pass<M, batch<2>, tokens<16>> expected{values};
  amid_rubbish<forward_pass<M, batch<2>, tokens<16>, storage::in_place>> run{values};
  const auto first = testing::random_ids(generator, 16, 50), second = testing::random_ids(generator, 3, 50);
  const std::array<std::span<const std::int32_t>, 2> sequences{first, second};
  const auto logits = run->run(std::span{sequences}), right = expected.run(std::span{sequences});
  REQUIRE(logits);
  REQUIRE(right);
  for (index_type row = 0; row < 19; ++row) check_equal({(*logits)[row], 50}, {(*right)[row], 50});
}

/// Two segments of training, of which the second may see the first.
template <class M> void check_training_pass() {
  const parameters<M> values{testing::random_parameters<M>(5)};
  using expected_training_pass = training_pass<M, causal_language_model, batch<2>, tokens<16>>;
  using training_pass_in_place = training_pass<M, causal_language_model, batch<2>, tokens<16>, storage::in_place>;
  expected_training_pass expected;
  amid_rubbish<training_pass_in_place> run;
  parameters<M> gradients, right;
  const std::int32_t ids[]{4, 8, 15, 16, 23, 42, 1, 2, 3}, labels[]{8, 15, 16, 23, 42, no_label, 2, 3, 5};
  const std::int32_t positions[]{0, 1, 2, 3, 4, 5, 0, 1, 2};
  const index_type first_row[]{0, 6, 9}, no_past[]{0, 0}, past[]{6, 3};
  token_batch rows;
  rows.sequences = 2;
  rows.rows = 9;
  rows.first_row = first_row;
  rows.past = no_past;
  rows.ids = ids;
  rows.positions = positions;
  rows.labels = labels;
  rows.loss_scale = 0.125;
  for (int segment = 0; segment < (M::memory_length > 0 ? 2 : 1); ++segment) {
    CHECK(*run->run(values.data(), gradients.data(), rows) == *expected.run(values.data(), right.data(), rows));
    rows.past = past;
  }
  check_equal({gradients.data(), std::size_t(gradients.size())}, {right.data(), std::size_t(right.size())});
}

}  // namespace

TEST_CASE("computes the same whatever its memory held before: a session in place") {
  SECTION("GPT-2") { check_session<gpt2_like>(); }
  SECTION("Llama") { check_session<llama_like>(); }
  SECTION("a memory of earlier segments") { check_session<gopher_like>(); }
  SECTION("encoder-decoder") { check_session<t5_like>(); }
}
TEST_CASE("computes the same whatever its memory held before: a forward pass in place") {
  SECTION("GPT-2") { check_forward_pass<gpt2_like>(); }
  SECTION("Llama") { check_forward_pass<llama_like>(); }
}
TEST_CASE("computes the same whatever its memory held before: a training pass in place") {
  SECTION("GPT-2") { check_training_pass<gpt2_like>(); }
  SECTION("Llama") { check_training_pass<llama_like>(); }
  SECTION("a memory of earlier segments") { check_training_pass<gopher_like>(); }
}

}  // namespace typeformer
