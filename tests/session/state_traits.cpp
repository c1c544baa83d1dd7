// SPDX-License-Identifier: BSL-1.0
// The operations of a session depend on those that its states support.
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <support/running_sum.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/typeformer.hpp>

namespace typeformer {
namespace {

using testing::running_sum;

template <class Positions, class Mixer>
struct mixing : decoder_only<token_embedding<vocabulary<13>, width<8>>, Positions,
                             repeat<2, residual<layer_norm<>, Mixer, linear<8>>>, layer_norm<>, tied_head> {};
using counted = learned_positions<context<16>>;
using recurrent = relative_positions<context<16>, memory_length<8>>;
template <index_type Width> using shared = rows<axis::once, Width>;
template <index_type Width> using of_tokens = rows<axis::token, Width>;
inline constexpr state_traits can_be_rewound{.rewinds = true}, can_slide{.slides = true}, stays{.reorders = false};

template <class M>
concept Runs = requires { typename session<M>; };
template <class S>
concept Truncates = requires(S s) { s.truncate(0, 1); };
template <class S>
concept Reorders = requires(S s, std::span<const index_type> from) { s.reorder(from); };

struct attending : gpt2<gpt2_config{.layers = 1, .width = 8, .heads = 2, .vocabulary = 13, .context = 16}> {};
struct translating
    : t5<t5_config{
          .layers = 1, .width = 8, .heads = 2, .head_width = 4, .hidden = 8, .vocabulary = 13, .context = 16}> {};
template <class Mixer> using summing = session<mixing<counted, Mixer>, batch<2>>;

}  // namespace

TEST_CASE("asks states whether a sequence can be truncated") {
  STATIC_REQUIRE(Truncates<session<attending>>);
  STATIC_REQUIRE(Truncates<session<translating>>);
  STATIC_REQUIRE_FALSE(Truncates<summing<running_sum<>>>);
  STATIC_REQUIRE(Truncates<summing<running_sum<can_be_rewound>>>);
  STATIC_REQUIRE_FALSE(Rewindable<summing<sequential<self_attention<heads<2>, causal>, running_sum<>>>>);
}

TEST_CASE("asks states whether sequences can be reordered") {
  STATIC_REQUIRE(Reorders<session<attending, batch<2>>>);
  STATIC_REQUIRE(Reorders<session<translating, batch<2>>>);
  STATIC_REQUIRE(Reorders<summing<running_sum<>>>);
  STATIC_REQUIRE_FALSE(Reorders<summing<running_sum<stays>>>);
  STATIC_REQUIRE_FALSE(Reorders<summing<running_sum<can_be_rewound, shared>>>);
  STATIC_REQUIRE_FALSE(Reorders<summing<running_sum<can_be_rewound, of_tokens>>>);
}

TEST_CASE("asks states whether the oldest tokens can be dropped") {
  STATIC_REQUIRE(Runs<mixing<recurrent, transformer_xl_attention<heads<2>>>>);
  STATIC_REQUIRE(Runs<mixing<recurrent, running_sum<can_slide>>>);
  STATIC_REQUIRE_FALSE(Runs<mixing<recurrent, running_sum<>>>);
  STATIC_REQUIRE_FALSE(Runs<mixing<recurrent, running_sum<can_be_rewound>>>);
  STATIC_REQUIRE_FALSE(Truncates<session<mixing<recurrent, transformer_xl_attention<heads<2>>>>>);
}

TEST_CASE("continues a running sum token by token, starts a new sequence and moves with its sequence") {
  using model = mixing<counted, running_sum<>>;
  using ids = std::vector<std::int32_t>;
  const weights<model> values{testing::random_parameters<model>(5)};
  forward_pass<model> forward{values};
  session<model, batch<3>, tokens<2>> run{values};
  const auto check = [&](index_type sequence, const ids& text) {
    const auto expected = forward.run(text);
    REQUIRE(expected);
    const auto got = run.logits(sequence);
    REQUIRE(got);
    for (index_type k = 0; k < 13; ++k)
      CHECK((*got)[std::size_t(k)] == Approx((*expected)[index_type(text.size()) - 1][k]).margin(1e-5));
  };
  const ids a{1, 2, 3, 4, 5}, b{6}, c{7, 8}, again{9, 1};
  REQUIRE(run.prefill(std::vector<std::span<const std::int32_t>>{a, b, c}));
  check(0, a);
  check(1, b);
  check(2, c);
  REQUIRE(run.reorder(std::vector<index_type>{2, 0, 0}));
  REQUIRE(run.decode(ids{1, no_token, 3}));
  check(0, {7, 8, 1});
  check(2, {1, 2, 3, 4, 5, 3});
  REQUIRE(run.reset(0));
  REQUIRE(run.prefill(std::vector<std::span<const std::int32_t>>{again, b, {}}));
  check(0, again);
  check(1, {1, 2, 3, 4, 5, 6});
  run.reset();
  REQUIRE(run.decode(ids{4, 5, no_token}));
  check(0, {4});
  REQUIRE(run.decode(ids{6, no_token, 7}));
  check(0, {4, 6});
  check(2, {7});
}

}  // namespace typeformer
