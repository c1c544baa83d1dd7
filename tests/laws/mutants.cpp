// SPDX-License-Identifier: BSL-1.0
// A law that finds nothing proves nothing: each is tested with a layer, a model or an optimizer that breaks it.
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <laws/summing_layer.hpp>

using namespace typeformer;
using namespace typeformer::laws;
using mutants::fault, mutants::summing;

namespace {

constexpr typeformer::index_type layer_width = 4;

template <fault F> verdict verdict_on() {
  const verdict v = examine_layer<summing<F>, layer_width>();
  UNSCOPED_INFO(v.text().view());
  CHECK_FALSE(v.passed());
  return v;
}
bool says(const verdict& v, const char* words) { return v.text().view().find(words) != std::string_view::npos; }

/// An optimizer whose step continues after the end of a matrix. The last tensor is not a matrix.
struct overrunning {
  static constexpr int state_arrays = 0;
  template <class S> constexpr void update(const tensor_update<S, 0>& t, const step_context&) const {
    for (typeformer::index_type i = 0; i < t.size() + t.decays; ++i) t.values[i] -= S(0.1);
  }
};

struct counted_wrongly : small_stack<linear<8>> {};

}  // namespace

namespace typeformer {
template <> struct footprint<counted_wrongly, training_with<causal_language_model, batch<2>, tokens<5>>, portable> {
  static constexpr std::int64_t ram_bytes = 64;
};
}  // namespace typeformer

TEST_CASE("accepts the layer from which the mutants are made", "[laws]") {
  check_verdict(examine_layer<summing<>, layer_width>());
}

TEST_CASE("finds a gradient that is not the derivative", "[laws]") {
  CHECK(says(verdict_on<fault::gradient_of_another_function>(), "gradients"));
}
TEST_CASE("finds a parameter whose rows overlap the next one's, and runs nothing", "[laws]") {
  const verdict v = verdict_on<fault::rows_without_name>();
  CHECK_FALSE(v[law::layout].holds());
  CHECK_FALSE(v[law::gradients].applies);
  CHECK(says(v, "gain has 3 and should have 4"));
}
TEST_CASE("finds a state in a walk without state", "[laws]") {
  CHECK(says(verdict_on<fault::state_in_evaluation>(), "layout"));
}
TEST_CASE("finds a kernel that is not exact enough", "[laws]") {
  CHECK(says(verdict_on<fault::half_precision>(), "precision"));
}
TEST_CASE("finds a layer that reads other sequences of the batch", "[laws]") {
  CHECK_FALSE(verdict_on<fault::sums_of_the_sequence_before>()[law::sequences].holds());
}
TEST_CASE("finds a layer that ignores padding", "[laws]") {
  const verdict v = verdict_on<fault::padding_counts>();
  CHECK(says(v, "padding"));
  CHECK(says(v, "with "));
}
TEST_CASE("finds gradients of padding", "[laws]") {
  const verdict v = verdict_on<fault::padding_gets_gradients>();
  CHECK(v[law::padding].holds());
  CHECK_FALSE(v[law::padded_gradients].holds());
}
TEST_CASE("finds a layer that caches nothing", "[laws]") {
  CHECK(says(verdict_on<fault::caches_nothing>(), "decoding"));
}
TEST_CASE("finds a state that is not reset", "[laws]") {
  const verdict v = verdict_on<fault::goes_on_after_a_reset>();
  CHECK_FALSE(v[law::decoding].holds());
}
TEST_CASE("finds a state whose sequences cannot be reordered", "[laws]") {
  CHECK(says(verdict_on<fault::sequences_in_the_last_axis>(), "after"));
}
TEST_CASE("finds a state that promises to rewind but cannot", "[laws]") {
  CHECK(says(verdict_on<fault::sum_without_positions>(), "after truncate"));
}
TEST_CASE("tests only what a state promises", "[laws]") {
  check_verdict(examine_layer<summing<fault::sum_that_says_so>, layer_width>());
}
TEST_CASE("finds an optimizer that moves a frozen parameter", "[laws]") {
  CHECK(check_frozen<counted_wrongly>().holds());
  const finding f = check_frozen<counted_wrongly>(overrunning{});
  INFO(f.where.view());
  CHECK_FALSE(f.holds());
}
TEST_CASE("finds a memory that is not the size of what it describes", "[laws]") {
  const finding f = check_memory<counted_wrongly, causal_language_model>();
  CHECK_FALSE(f.holds());
  CHECK(f.where.view().find("bytes of a training pass: said 64, held ") == 0);
}
