// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/safetensors_case.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

// tests/golden/translation holds a file with names and quirks of its own, and the logits that numpy computed.
namespace tf = typeformer;

namespace {

constexpr tf::index_type heads = 2;
constexpr auto as_is = tf::file_layout::as_is;

using attention = tf::self_attention<tf::heads<heads>, tf::causal, tf::score_scale<0.25>>;
using source_attention = tf::cross_attention<tf::heads<heads>, tf::without_bias, tf::score_scale<0.25>>;
using feed_forward = tf::feed_forward<12, tf::relu>;

struct composition
    : tf::encoder_decoder<
          tf::source_and_target<tf::token_embedding<tf::vocabulary<37>, tf::width<8>>,
                                tf::token_embedding<tf::vocabulary<23>, tf::width<8>>>,
          tf::encoder<tf::learned_positions<tf::context<10>>,
                      tf::repeat<2, tf::pre_norm_block<attention, feed_forward>>,
                      tf::named<"final_norm", tf::layer_norm<>>>,
          tf::decoder<tf::learned_positions<tf::context<10>>,
                      tf::repeat<2, tf::pre_norm_decoder_block<attention, source_attention, feed_forward>>,
                      tf::named<"final_norm", tf::layer_norm<>>, tf::head_with_bias<tf::untied_head>>> {};

// clang-format off
struct translator : composition {
  static constexpr tf::file_tensor_rule rules[] = {
      {.file = "source_embedding.weight", .leaves = {"encoder.token_embedding.weight"}},
      tf::rows_not_in_file("decoder.token_embedding.weight", 0, 1, 0),  // the start token's row is zero
      tf::rows_of("decoder.token_embedding.weight", 1, 22, "target_embedding.weight"),
      {.file = "encoder.positions.weight", .leaves = {"encoder.position_embedding.weight"}},
      {.file = "decoder.positions.weight", .leaves = {"decoder.position_embedding.weight"}},

      tf::in_pieces("encoder.layers.*.self_attn.heads.#.query.", as_is, {"encoder.blocks.*.attention.query."}, heads),
      tf::in_pieces("encoder.layers.*.self_attn.heads.#.key.", as_is, {"encoder.blocks.*.attention.key."}, heads),
      tf::in_pieces("encoder.layers.*.self_attn.heads.#.value.", as_is, {"encoder.blocks.*.attention.value."}, heads),
      {.file = "encoder.layers.*.self_attn.out.", .leaves = {"encoder.blocks.*.attention.output."}},
      {.file = "encoder.layers.*.norm1.", .leaves = {"encoder.blocks.*.attention_norm."}},
      {.file = "encoder.layers.*.norm2.", .leaves = {"encoder.blocks.*.feed_forward_norm."}},
      {.file = "encoder.layers.*.linear1.", .leaves = {"encoder.blocks.*.feed_forward.up."}},
      {.file = "encoder.layers.*.linear2.", .leaves = {"encoder.blocks.*.feed_forward.down."}},
      {.file = "encoder.norm.", .leaves = {"encoder.final_norm."}},

      tf::in_pieces("decoder.layers.*.self_attn.heads.#.query.", as_is, {"decoder.blocks.*.attention.query."}, heads),
      tf::in_pieces("decoder.layers.*.self_attn.heads.#.key.", as_is, {"decoder.blocks.*.attention.key."}, heads),
      tf::in_pieces("decoder.layers.*.self_attn.heads.#.value.", as_is, {"decoder.blocks.*.attention.value."}, heads),
      {.file = "decoder.layers.*.self_attn.out.", .leaves = {"decoder.blocks.*.attention.output."}},
      {.file = "decoder.layers.*.norm1.", .leaves = {"decoder.blocks.*.attention_norm."}},
      tf::in_pieces("decoder.layers.*.cross_attn.heads.#.query.weight", as_is, {"decoder.blocks.*.cross_attention.query.weight"}, heads),
      tf::in_pieces("decoder.layers.*.cross_attn.heads.#.key.weight", as_is, {"decoder.blocks.*.cross_attention.key.weight"}, heads),
      tf::in_pieces("decoder.layers.*.cross_attn.heads.#.value.weight", as_is, {"decoder.blocks.*.cross_attention.value.weight"}, heads),
      {.file = "decoder.layers.*.cross_attn.out.weight", .leaves = {"decoder.blocks.*.cross_attention.output.weight"}},
      {.file = "decoder.layers.*.norm2.", .leaves = {"decoder.blocks.*.cross_attention_norm."}},
      {.file = "decoder.layers.*.norm3.", .leaves = {"decoder.blocks.*.feed_forward_norm."}},
      {.file = "decoder.layers.*.linear1.", .leaves = {"decoder.blocks.*.feed_forward.up."}},
      {.file = "decoder.layers.*.linear2.", .leaves = {"decoder.blocks.*.feed_forward.down."}},
      {.file = "decoder.norm.", .leaves = {"decoder.final_norm."}},
      {.file = "generator.", .leaves = {"decoder.head."}},
  };
  static constexpr tf::file_names huggingface{rules, int(std::size(rules))};
};
// clang-format on

static_assert(tf::NamedInFiles<translator>);

const std::string folder = TYPEFORMER_SOURCE_DIR "/tests/golden/translation/";

std::size_t tensors_in(const std::string& path) {
  const auto file = tf::checkpoint_file::open(path);
  REQUIRE(file);
  return file->tensors().size();
}

}  // namespace

TEST_CASE("the summary spells parameters as rules do") {
  std::string table;
  tf::summarize<translator>([&](std::string_view line) { table += line; });
  for (const tf::file_tensor_rule& rule : translator::rules) {
    INFO(rule.leaves[0]);
    CHECK(table.find(rule.leaves[0]) != std::string::npos);  // a name, or the beginning of one
  }
}

TEST_CASE("loads a translator with names and quirks of its own and computes numpy's logits") {
  tf::testing::safetensors_case expected{folder + "expected.safetensors"};
  const auto weights = tf::load<translator>(folder + "model.safetensors");
  REQUIRE(weights);
  tf::session<translator> run{*weights};
  REQUIRE(run.read(expected["source_ids"].as<std::int32_t>()));
  const std::vector<double>& logits = expected["logits"].values;
  std::size_t at = 0;
  for (const std::int32_t id : expected["target_ids"].as<std::int32_t>()) {
    const auto got = run.decode(id);
    REQUIRE(got);
    for (const float y : *got) CHECK(double(y) == Approx(logits.at(at++)).epsilon(0).margin(1e-5));
  }
  CHECK(at == logits.size());
}

TEST_CASE("a file omits rows that have their constant, and holds them after training changed them") {
  const tf::testing::scratch_folder scratch;
  auto values = tf::load_parameters<translator>(folder + "model.safetensors");
  REQUIRE(values);
  const std::size_t tensors = tensors_in(folder + "model.safetensors");
  float* const start =
      values->data() + tf::find_tensor(tf::layout_of<translator>, "decoder.token_embedding.weight").offset;
  CHECK(std::all_of(start, start + 8, [](float x) { return x == 0; }));
  REQUIRE(tf::save(scratch / "same.safetensors", *values));
  CHECK(tensors_in(scratch / "same.safetensors") == tensors);

  start[3] = 0.5f;
  REQUIRE(tf::save(scratch / "trained.safetensors", *values));
  CHECK(tensors_in(scratch / "trained.safetensors") == tensors + 1);
  const auto file = tf::checkpoint_file::open(scratch / "trained.safetensors");
  REQUIRE(file);
  CHECK(file->find("decoder.token_embedding.weight.row_0"));
  const auto again = tf::load_parameters<translator>(scratch / "trained.safetensors");
  REQUIRE(again);
  CHECK(std::equal(values->data(), values->data() + values->size(), again->data()));
}
