// SPDX-License-Identifier: BSL-1.0
#include <set>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/objectives/prefix_lm.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
using flags = std::vector<std::uint8_t>;

// google-research/text-to-text-transfer-transformer e081111c, preprocessors_test.py, line 628.
static_assert(segment_count(100, 25) == 4 && segment_count(100, 30) == 4);
static_assert(segment_count(100, 100) == 1 && segment_count(100, 1000) == 1 && segment_count(0, 25) == 0);

// The same file, line 2256.
TEST_CASE("fills an encoder and a decoder with two texts: prefix language model") {
  const ids first{9, 1, 2, 3, 4, 5, 6, 0}, second{8, 9, 10, 11, 12, 13, 0, 0};
  ids encoder(8), encoder_segments(8), encoder_positions(8), decoder(8), decoder_segments(8), decoder_positions(8),
      targets(8);
  flags counts(8, 7);
  pack_prefix_lm(first, second, 3, 0, {encoder, encoder_segments, encoder_positions},
                 {decoder, decoder_segments, decoder_positions}, {targets, counts});
  CHECK(encoder == ids{9, 1, 2, 8, 9, 10, 11, 12});
  CHECK(encoder_segments == ids{1, 1, 1, 2, 2, 2, 2, 2});
  CHECK(encoder_positions == ids{0, 1, 2, 0, 1, 2, 3, 4});
  CHECK(targets == ids{3, 4, 5, 6, 0, 13, 0, 0});
  CHECK(counts == flags{1, 1, 1, 1, 0, 1, 0, 0});
  CHECK(decoder == ids{0, 3, 4, 5, 6, 0, 13, 0});
  CHECK(decoder_segments == ids{1, 1, 1, 1, 1, 2, 2, 2});
  CHECK(decoder_positions == ids{0, 1, 2, 3, 4, 0, 1, 2});
}

// The same file, line 2303.
TEST_CASE("packs a text for a decoder alone: prefix language model") {
  const ids tokens{8, 9, 10, 11, 12, 13, 0, 0};
  ids inputs(8), targets(8);
  flags in_prefix(8, 7), counts(8, 7);
  pack_prefix_lm(tokens, 3, 0, inputs, in_prefix, {targets, counts});
  CHECK(targets == tokens);
  CHECK(inputs == ids{0, 8, 9, 10, 11, 12, 13, 0});
  CHECK(counts == flags{0, 0, 0, 1, 1, 1, 0, 0});
  CHECK(in_prefix == flags{1, 1, 1, 1, 0, 0, 0, 0});

  constexpr bool counts_prefix = true;
  pack_prefix_lm(tokens, 3, 0, inputs, in_prefix, {targets, counts}, counts_prefix);  // line 2319
  CHECK(counts == flags{1, 1, 1, 1, 1, 1, 0, 0});
  CHECK(in_prefix == flags{1, 1, 1, 1, 0, 0, 0, 0});
}

TEST_CASE("draws prefixes of every length but none and all") {
  philox generator{4};
  std::set<index_type> drawn;
  for (int draw = 0; draw < 200; ++draw) drawn.insert(draw_prefix_length(5, generator));
  CHECK(drawn == std::set<index_type>{1, 2, 3, 4});
  CHECK(draw_prefix_length(2, generator) == 1);
}

}  // namespace
}  // namespace typeformer
