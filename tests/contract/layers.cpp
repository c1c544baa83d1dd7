// SPDX-License-Identifier: BSL-1.0
// The library's layers need no more of a context than the contract says, and its contexts have all of it.
#include <support/catch.hpp>

#include <typeformer/contract/layer.hpp>
#include <typeformer/inspection/flop_counter.hpp>
#include <typeformer/layers/low_rank_linear.hpp>
#include <typeformer/types.hpp>

namespace typeformer {
namespace {

struct key_of_ours;
struct entry_of_ours {
  using key = key_of_ours;
  template <class Use> using value = nothing;
};

using in = token_rows<8>;
using train = walk_use<purpose::train, capacities{2, 4, 0}>;
using decode = walk_use<purpose::decode, capacities{2, 4, 8}>;

/// The smallest layer.
struct smallest_layer {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr trace_of<X> walk(Walk&, X x, Scope) { return {x}; }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

/// Walks in a context that has only what every context has.
template <class Layer>
constexpr bool keeps_the_contract = [] {
  walk_archetype<train> c;
  const auto t = Layer::walk(c, ref<in>{0}, scope<>{});
  Layer::walk_back(c, t, ref<infer<Layer, in>>{0}, scope<>{});
  walk_archetype<decode> d;
  Layer::walk(d, ref<in>{0}, scope<>{});
  return DifferentiableLayer<Layer, in>;
}();

}  // namespace

TEST_CASE("has the calls that layers need in every context") {
  CHECK(WalkContext<walk_archetype<train>>);
  CHECK(WalkContext<planner<train>>);
  CHECK(WalkContext<flop_counter<train>>);
  CHECK_FALSE(WalkContext<int>);
}

TEST_CASE("keeps the contract in the archetype of a context") {
  CHECK(keeps_the_contract<smallest_layer>);
  CHECK(keeps_the_contract<linear<4>>);
  CHECK(keeps_the_contract<low_rank_linear<4, rank<2>>>);
  CHECK(keeps_the_contract<layer_norm<>>);
  CHECK(keeps_the_contract<rms_norm<>>);
  CHECK(keeps_the_contract<multiplied<0.5>>);
  CHECK(keeps_the_contract<activation<gelu_tanh>>);
  CHECK(keeps_the_contract<gated_activation<silu>>);
  CHECK(keeps_the_contract<feed_forward<16, relu>>);
  CHECK(keeps_the_contract<gated_feed_forward<16, silu>>);
  CHECK(keeps_the_contract<dropout<0.1>>);
  CHECK(keeps_the_contract<learned_positions<context<8>>>);
  CHECK(keeps_the_contract<sinusoidal_positions<context<8>>>);
  CHECK(keeps_the_contract<rotary_positions<context<8>, rotary_width<2>>>);
  CHECK(keeps_the_contract<
        rotary_positions_of_layers<alternating_windows<1>, rotary_positions<context<8>, rotary_width<2>>,
                                   rotary_positions<context<8>, rotary_width<4>>>>);
  CHECK(keeps_the_contract<alibi_positions<context<8>, heads<2>>>);
  CHECK(keeps_the_contract<relative_position_bias<context<8>, heads<2>>>);
  CHECK(keeps_the_contract<segment_embedding<>>);
  CHECK(keeps_the_contract<self_attention<heads<2>>>);
  CHECK(keeps_the_contract<self_attention<heads<2>, clipped_projections<1.0>, query_key_norm<>>>);
  CHECK(keeps_the_contract<shaw_attention<heads<2>>>);
  CHECK(keeps_the_contract<transformer_xl_attention<heads<2>>>);
  CHECK(keeps_the_contract<first_token>);
  CHECK(keeps_the_contract<first_tokens<0, 2>>);
  CHECK(keeps_the_contract<mean_pooling>);
  CHECK(keeps_the_contract<max_pooling>);
  CHECK(keeps_the_contract<chunk_pooling<chunk_count<2>, chunk_rows<3>, maximum_of_rows>>);
  CHECK(keeps_the_contract<sequential<chunk_pooling<chunk_count<2>, chunk_rows<3>>,
                                      channel_forecast<channels<2>, series_length<4>, forecast_length<3>>>>);
  CHECK(keeps_the_contract<distilled_classifier<3>>);
  CHECK(keeps_the_contract<frozen_batch_norm<>>);
  CHECK(keeps_the_contract<unit_length<>>);
  CHECK(keeps_the_contract<residual<linear<8>>>);
  CHECK(keeps_the_contract<sequential<linear<4>, linear<8>>>);
  CHECK(keeps_the_contract<repeat<3, linear<8>>>);
  CHECK(keeps_the_contract<checkpoint<linear<8>>>);
  CHECK(keeps_the_contract<parallel<linear<4>, linear<4>>>);
  CHECK(keeps_the_contract<named<"name", linear<4>>>);
}

TEST_CASE("distinguishes layers that do not fit and layers with state") {
  CHECK_FALSE(Layer<int, in>);
  CHECK_FALSE(Layer<self_attention<heads<3>>, in>);
  CHECK_FALSE(Layer<tied_head, in>);
  CHECK(StatefulLayer<self_attention<heads<2>>, in>);
  CHECK_FALSE(StatefulLayer<linear<8>, in>);
  CHECK(std::is_same_v<
        infer<self_attention<heads<2>>, in, scope<declared<position_bias<3, axis::token, true>>>>,
        error::position_bias_has_other_heads_than_the_attention<heads<3>, heads<2>, self_attention<heads<2>>>>);
}

TEST_CASE("chooses an option by its kind") {
  CHECK(chosen<heads<1>, causal, heads<4>>::value == 4);
  CHECK(chosen<heads<1>, causal>::value == 1);
  CHECK(std::is_same_v<chosen<causal, heads<4>, bidirectional>, bidirectional>);
  CHECK(std::is_same_v<chosen<no_window, sliding_windows<alternating_windows<4>>>,
                       sliding_windows<alternating_windows<4>>>);
}

TEST_CASE("finds an entry by its key in a scope of any order") {
  using both = scope_with<scope_with<scope<>, segment_recurrence<2>>, entry_of_ours>;
  CHECK(has_entry<key_of_ours, both>);
  CHECK_FALSE(has_entry<passes::rotary, both>);
  CHECK(entry_for<passes::recurrence, both>::memory_length == 2);
}

}  // namespace typeformer
