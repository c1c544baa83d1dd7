// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/laws/in_place_law.hpp>
#include <typeformer/laws/shadow_memory.hpp>

namespace typeformer::laws {
namespace {

using model = small_llama;
constexpr capacities reserved{2, 5, 0}, reserved_with_source{2, 5, 0, 4}, reserved_with_long_source{2, 3, 0, 6};
using seeing = walk_use<purpose::evaluate, reserved, true>;
using blind = walk_use<purpose::evaluate, reserved, false>;
using walk = forward_walk<model>;

struct seen {
  observation what;
  index_type layer, width;
  std::vector<double> values;
  bool operator==(const seen&) const = default;
};

template <class Use, class M = model>
std::vector<seen> capture(const token_batch& batch, std::vector<double>* logits = nullptr) {
  walk_runner<forward_walk<M>, Use, double> runner;
  const std::vector<double> weights = random_values<double>(layout_of<M>.parameters);
  std::vector<seen> all;
  const auto delivered =
      runner.run(canonical_weights_view<double>{weights.data()}, batch,
                 [&](observation what, loop_place where, auto view, index_type width) {
                   all.push_back({what, where.iteration, width, {view.data, view.data + view.rows * width}});
                 });
  if (logits) logits->assign(delivered.data, delivered.data + delivered.rows * delivered.stride);
  return all;
}

}  // namespace

TEST_CASE("shows every block to an observer, with data that is not overwritten") {
  const ragged_batch batch{reserved, model::vocabulary};
  std::vector<double> logits, unseen_logits;
  const std::vector<seen> all = capture<seeing>(batch.view(), &logits);
  CHECK(capture<blind>(batch.view(), &unseen_logits).empty());
  CHECK(logits == unseen_logits);

  const auto count = [&](observation what) {
    return std::count_if(all.begin(), all.end(), [&](const seen& s) { return s.what == what; });
  };
  CHECK(count(observation::stack_input) == 1);
  CHECK(count(observation::block_output) == 3);
  CHECK(count(observation::feed_forward_hidden) == 3);
  CHECK(count(observation::attention_probabilities) == 3);
  CHECK(count(observation::query_key_value) == 3);
  CHECK(count(observation::final_hidden_state) == 1);
  index_type next_layer = 0;
  for (const seen& s : all)
    if (s.what == observation::block_output) CHECK(s.layer == next_layer++);

  CHECK(watch_memory<walk, seeing>().errors() == 0);
  CHECK(all == capture<with_rules<seeing, planning_rules{.merge_in_place = false}>>(batch.view()));
}

TEST_CASE("captures probabilities that add up to one and obey the mask for every query") {
  const ragged_batch batch{reserved, model::vocabulary};
  const token_batch view = batch.view();
  constexpr index_type heads = 4;
  for (const seen& s : capture<seeing>(view)) {
    if (s.what != observation::attention_probabilities) continue;
    REQUIRE(s.width == heads * reserved.tokens);
    for (index_type sequence = 0; sequence < view.sequences; ++sequence) {
      const index_type keys = view.rows_of(sequence);  // a row is [heads][keys of its sequence]
      for (index_type i = 0; i < keys; ++i)
        for (index_type head = 0; head < heads; ++head) {
          const double* const row = s.values.data() + (view.first_row[sequence] + i) * s.width + head * keys;
          double sum = 0;
          for (index_type key = 0; key <= i; ++key) sum += row[key];
          CHECK(sum == Approx(1).epsilon(1e-12));
          for (index_type key = i + 1; key < keys; ++key) CHECK(row[key] == 0);
        }
    }
  }
}

/// Some sources are shorter than their targets, some are longer.
template <class M, capacities Reserved> void check_cross_attention(bool is_causal) {
  const ragged_batch batch{Reserved, M::vocabulary};
  const token_batch view = batch.view();
  using use = walk_use<purpose::evaluate, Reserved, true>;
  int layers = 0;
  for (const seen& s : capture<use, M>(view)) {
    if (s.what != observation::cross_attention_probabilities) continue;
    CHECK(s.layer == layers++);
    const index_type heads = s.width / Reserved.source;
    for (index_type sequence = 0; sequence < view.sequences; ++sequence) {
      const index_type keys = view.source->rows_of(sequence);
      for (index_type i = 0; i < view.rows_of(sequence); ++i)
        for (index_type head = 0; head < heads; ++head) {
          const double* const row = s.values.data() + (view.first_row[sequence] + i) * s.width + head * keys;
          const index_type end = is_causal ? std::min(i + 1, keys) : keys;
          double sum = 0;
          for (index_type key = 0; key < keys; ++key) {
            CHECK((row[key] > 0) == (key < end));
            sum += row[key];
          }
          CHECK(sum == Approx(1).epsilon(1e-12));
        }
    }
  }
  CHECK(layers == 2);
  CHECK(watch_memory<forward_walk<M>, use>().errors() == 0);
}

TEST_CASE("captures probabilities over a source that add up to one and obey the mask") {
  check_cross_attention<small_encoder_decoder, reserved_with_source>(false);
  check_cross_attention<small_transducer, reserved_with_source>(true);
  check_cross_attention<small_transducer, reserved_with_long_source>(true);
}

}  // namespace typeformer::laws
