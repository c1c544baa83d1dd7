// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/part_strengths.hpp>
#include <typeformer/parameters/copy_kept_parts.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/typeformer.hpp>

// A model with fewer heads and hidden units is another type.
namespace typeformer {
namespace {

using testing::random_parameters;

template <index_type Heads, index_type Hidden>
struct decoder_with : decoder_only<token_embedding<vocabulary<13>, width<12>>, learned_positions<context<8>>,
                                   repeat<2, pre_norm_block<self_attention<heads<Heads>, head_width<3>, causal>,
                                                            gated_feed_forward<Hidden, silu, with_bias>>>,
                                   final_norm<layer_norm<>>, tied_head> {};
using large = decoder_with<4, 10>;
using small = decoder_with<2, 7>;

constexpr std::array<index_type, 2> heads_0{3, 1}, heads_1{0, 2};
constexpr std::array<index_type, 7> hidden_0{9, 0, 1, 2, 5, 4, 3}, hidden_1{1, 2, 3, 4, 6, 7, 8};
constexpr std::array blocks{kept_parts{heads_0, hidden_0}, kept_parts{heads_1, hidden_1}};

template <class M> std::vector<float> logits_of(const parameters<M>& values) {
  const weights<M> packed{values};
  forward_pass<M> pass{packed};
  const std::vector<std::int32_t> ids{3, 1, 4, 1, 5};
  const auto logits = pass.run(ids);
  REQUIRE(logits);
  std::vector<float> all;
  for (index_type r = 0; r < 5; ++r) all.insert(all.end(), (*logits)[r], (*logits)[r] + 13);
  return all;
}
/// What reads the parts that are not kept has only zeros.
void silence(parameters<large>& values) {
  for_each_tensor(layout_of<large>, [&](const parameter_tensor& tensor) {
    const std::string name{tensor.name().view()};
    const kept_parts& kept = blocks[std::size_t(tensor.block[0])];
    const bool of_heads = name.ends_with("attention.output.weight"), of_hidden = name.ends_with("down.weight");
    if (!of_heads && !of_hidden) return;
    const auto& parts = of_heads ? kept.heads : kept.hidden;
    const index_type size = of_heads ? 3 : 1, columns = tensor.of->columns;
    for (index_type r = 0; r < tensor.of->rows; ++r)
      for (index_type c = 0; c < columns; ++c)
        if (std::find(parts.begin(), parts.end(), c / size) == parts.end()) values.of(tensor)[r * columns + c] = 0;
  });
}

}  // namespace

TEST_CASE("a smaller model computes what the larger one does without the parts that are left out",
          "[copy_kept_parts]") {
  auto values = random_parameters<large>(1);
  parameters<small> kept;
  REQUIRE(copy_kept_parts(values, kept, blocks));
  silence(values);
  const std::vector<float> expected = logits_of(values), found = logits_of(kept);
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-5));
  CHECK(parameter_count<small> < parameter_count<large>);
}

TEST_CASE("the strongest parts are those with the largest weights", "[copy_kept_parts]") {
  auto values = random_parameters<large>(1);
  for_each_tensor(layout_of<large>, [&](const parameter_tensor& tensor) {
    const std::string name{tensor.name().view()};
    if (tensor.block[0] != 1) return;
    if (name.ends_with("attention.value.weight"))  // head 2
      for (index_type i = 6 * 12; i < 9 * 12; ++i) values.of(tensor)[i] *= 10;
    if (name.ends_with("feed_forward.down.weight"))  // unit 4
      for (index_type r = 0; r < 12; ++r) values.of(tensor)[r * 10 + 4] = 0;
  });
  const auto heads = head_strengths(values, 1, 4);
  CHECK(strongest(heads, 1) == std::vector<index_type>{2});
  CHECK(strongest(heads, 4) == std::vector<index_type>{0, 1, 2, 3});
  CHECK(strongest(head_strengths(values, 0, 4), 0).empty());
  const auto hidden = strongest(hidden_strengths(values, 1, 10), 9);
  CHECK(hidden == std::vector<index_type>{0, 1, 2, 3, 5, 6, 7, 8, 9});
  CHECK(hidden_strengths(values, 1, 10)[4] == 0);
}

TEST_CASE("without entries all is kept, and then nothing may be smaller", "[copy_kept_parts]") {
  const auto values = random_parameters<large>(1);
  parameters<large> same;
  REQUIRE(copy_kept_parts(values, same, {}));
  CHECK(std::vector<float>(same.data(), same.data() + same.size()) ==
        std::vector<float>(values.data(), values.data() + values.size()));
  parameters<small> kept;
  const auto outcome = copy_kept_parts(values, kept, {});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message().view() == "blocks.0.attention.query.weight: expected 6 rows or columns, found 12");
}

TEST_CASE("a part that the larger model does not have is rejected, and nothing is copied", "[copy_kept_parts]") {
  const auto values = random_parameters<large>(1);
  auto kept = random_parameters<small>(2);
  const std::vector<float> before(kept.data(), kept.data() + kept.size());
  const auto error_with = [&](const kept_parts& second) {
    const auto outcome = copy_kept_parts(values, kept, std::array{blocks[0], second});
    REQUIRE_FALSE(outcome);
    CHECK(std::vector<float>(kept.data(), kept.data() + kept.size()) == before);
    return std::string(outcome.error().message().view());
  };
  const std::array<index_type, 2> no_head{0, 4}, negative{-1, 0};
  const std::array<index_type, 3> three{0, 1, 2};
  const std::array<index_type, 5> five{0, 1, 2, 3, 0};
  CHECK(error_with({no_head, hidden_1}) ==
        "blocks.1.attention.query.weight: expected the number of a part below 4, found 4");
  CHECK(error_with({negative, hidden_1}) ==
        "blocks.1.attention.query.weight: expected the number of a part below 4, found -1");
  CHECK(error_with({five, hidden_1}) == "blocks.1.attention.query.weight: expected 6 rows or columns, found 12");
  CHECK(error_with({heads_1, three}) == "blocks.1.feed_forward.gate.weight: expected 7 rows or columns, found 10");
}

TEST_CASE("a tensor that the larger model does not have is named", "[copy_kept_parts]") {
  const auto values = random_parameters<small>(1);
  struct other : encoder_only<token_embedding<vocabulary<13>, width<12>>, learned_positions<context<8>>, mean_pooling,
                              classifier<3>> {};
  parameters<other> to;
  const auto outcome = copy_kept_parts(values, to, {});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().message().view() == "classifier.weight: the model that is copied from has no such tensor");
}

}  // namespace typeformer
