// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/rotary_positions_of_layers.hpp>
#include <typeformer/models/listed_rotary_tables.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/reference/rotary.hpp>
#include <typeformer/session/forward_pass.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

using slow = rotary_positions<context<8>, rotary_width<4>, half_split_pairs, theta<100.0>>;
using fast = rotary_positions<context<9>, rotary_width<2>, adjacent_pairs, theta<10.0>, yarn_frequencies<4.0, 16>>;

template <class Positions, class... Layers>
using stack = decoder_only<token_embedding<vocabulary<11>, width<8>>, Positions, Layers...,
                           named<"final_norm", layer_norm<>>, tied_head>;
using listed = rotary_positions_of_layers<listed_rotary_tables<1, -1, 0>, slow, fast>;

struct listed_model : stack<listed, repeat<3, small_block>> {};
struct checkpointed_model : stack<listed, repeat<3, checkpoint<small_block>>> {};
struct listed_nested_model : stack<listed, repeat<3, repeat<2, small_block>>> {};
struct windowed_model
    : stack<rotary_positions_of_layers<listed_rotary_tables<0, 1>, slow, fast>,
            repeat<2, pre_norm_block<self_attention<heads<2>, causal, sliding_windows<alternating_windows<2>>>,
                                     feed_forward<12, gelu_tanh>>>> {};
struct same_model : stack<rotary_positions_of_layers<listed_rotary_tables<0, 0, 0>, slow>, repeat<3, small_block>> {};
struct plain_model : stack<slow, repeat<3, small_block>> {};
struct unrotated_model
    : stack<rotary_positions_of_layers<listed_rotary_tables<-1, -1, -1>, slow>, repeat<3, small_block>> {};
/// All iterations have the same projections.
struct listed_sharing_model : stack<listed, repeat<3, small_block, shared_block>> {};

static_assert(listed::context == 8);

template <class M> std::vector<float> logits_of(const parameters<M>& values, std::vector<std::int32_t> ids) {
  const weights<M> packed{values};
  forward_pass<M> forward{packed};
  const auto logits = forward.run(std::span<const std::int32_t>{ids});
  REQUIRE(logits);
  return {logits->data, logits->data + ids.size() * 11};
}
template <class To, class From> parameters<To> with_values_of(const parameters<From>& from) {
  parameters<To> to;
  std::copy_n(from.data(), from.size(), to.data());
  return to;
}

}  // namespace

TEST_CASE("obeys the laws: rotary positions of layers") {
  check_verdict(examine_model<listed_model>());
  check_verdict(examine_model<listed_nested_model>());
  check_verdict(examine_model<windowed_model>());
}
TEST_CASE("obeys the laws: rotary positions of layers whose blocks are recomputed") {
  check_verdict(examine_model<checkpointed_model>());
}

TEST_CASE("computes the same as one table for all layers, bit by bit: rotary positions of layers") {
  const auto values = testing::random_parameters<plain_model>(5);
  const std::vector<std::int32_t> ids{3, 1, 4, 1, 5};
  CHECK(logits_of(with_values_of<same_model>(values), ids) == logits_of(values, ids));
  CHECK(logits_of(with_values_of<listed_model>(values), ids) != logits_of(values, ids));
  CHECK(logits_of(with_values_of<unrotated_model>(values), ids) != logits_of(values, ids));
}

TEST_CASE("rotates queries and keys of each layer by its own table") {
  // With output projections of zero the stream does not change, so all layers have the same queries and keys.
  auto values = testing::random_parameters<listed_sharing_model>(7);
  for (const char* const name : {"blocks.0.attention.output.weight", "blocks.0.attention.output.bias",
                                 "blocks.0.feed_forward.down.weight", "blocks.0.feed_forward.down.bias"}) {
    const parameter_tensor tensor = find_tensor(layout_of<listed_sharing_model>, name);
    REQUIRE(tensor.of);
    std::fill_n(values.of(tensor), tensor.size(), 0.0f);
  }
  constexpr typeformer::index_type tokens_of_text = 5, row_width = 24;
  const weights<listed_sharing_model> packed{values};
  forward_pass<listed_sharing_model, observing> forward{packed};
  std::vector<std::vector<float>> rows_of_layers;
  const std::int32_t ids[] = {3, 1, 4, 1, 5};
  REQUIRE(forward.run(std::span<const std::int32_t>{ids},
                      [&](observation what, loop_place, auto seen, typeformer::index_type width) {
                        if (what != observation::query_key_value) return;
                        REQUIRE(width == row_width);
                        rows_of_layers.emplace_back(seen[0], seen[0] + tokens_of_text * row_width);
                      }));
  REQUIRE(rows_of_layers.size() == 3);

  const std::int32_t positions[] = {0, 1, 2, 3, 4};
  const auto check_layer = [&](std::size_t layer, auto table_operation, auto pairing) {
    using table_of = decltype(table_operation);
    std::vector<float> table(std::size_t(tokens_of_text * table_of::width)), expected = rows_of_layers[1];
    reference::rotary_table<float>(tokens_of_text, positions, table_of::width, table_of::frequency, table_of::amplitude,
                                   table.data());
    reference::rotate<decltype(pairing)::value, float>(tokens_of_text, 4, 4, table_of::width, table.data(),
                                                       {expected.data(), row_width}, {expected.data(), row_width});
    double worst = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      worst = std::max(worst, std::abs(double(expected[i]) - double(rows_of_layers[layer][i])));
    CHECK(worst < 1e-6);
    CHECK(rows_of_layers[layer] != rows_of_layers[1]);
  };
  check_layer(0, fast::table_operation{}, std::integral_constant<rotary_pairing, rotary_pairing::adjacent>{});
  check_layer(2, slow::table_operation{}, std::integral_constant<rotary_pairing, rotary_pairing::half_split>{});
}
