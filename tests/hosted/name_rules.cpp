// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/types.hpp>

// Files whose tensors are parts of parameters: one tensor per head, two tables, alternating runs, and no tensor.
namespace typeformer {
namespace {

using testing::bytes_of_file, testing::scratch_folder;

constexpr index_type words = 10, stream = 8, head = 4;

struct per_head : decoder_only<token_embedding<vocabulary<words>, width<stream>>, learned_positions<context<4>>,
                               repeat<2, pre_norm_block<self_attention<heads<2>, causal>, feed_forward<16, relu>>>,
                               named<"final_norm", layer_norm<>>, tied_head> {
  static constexpr file_tensor_rule rules[] = {
      rows_of("token_embedding.weight", 0, 7, "words"),
      rows_of("token_embedding.weight", 7, 3, "added", file_layout::transposed),
      in_pieces("layer.*.head.#.q", file_layout::transposed, {"blocks.*.attention.query.weight"}, 2),
      in_pieces("layer.*.head.#.kv", file_layout::as_is,
                {"blocks.*.attention.key.weight", "blocks.*.attention.value.weight"}, 2),
      in_pieces("layer.*.qkv_bias", file_layout::as_is,
                {"blocks.*.attention.query.bias", "blocks.*.attention.key.bias", "blocks.*.attention.value.bias"}, 2),
      not_in_file("blocks.*.feed_forward.up.bias", 0),
      not_in_file("blocks.*.attention_norm.weight", 1),
      {"first_down_bias", file_layout::as_is, {"blocks.0.feed_forward.down.bias"}},
      in_shape("places", "position_embedding.weight", {1, 4, 2, 4}),
      where_present({"head", file_layout::as_is, {"head.weight"}}),
  };
  static constexpr file_names huggingface{rules, int(std::size(rules)), "", {}, {}, {}, {}, 1};
};
static_assert(NamedInFiles<per_head>);

/// A different number for every element of every tensor.
std::vector<std::vector<float>> numbered(const std::vector<file_tensor>& tensors) {
  std::vector<std::vector<float>> data;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    std::vector<float>& values = data.emplace_back(std::size_t(tensors[t].rows * tensors[t].columns));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = float(1000 * (t + 1) + i);
  }
  return data;
}

struct numbered_file {
  std::vector<file_tensor> tensors = file_tensors_of(layout_of<per_head>, per_head::huggingface);
  std::vector<std::vector<float>> data;

  explicit numbered_file(const std::string& path) {
    std::erase_if(tensors, [](const file_tensor& t) { return t.constant.has_value(); });
    data = numbered(tensors);
    std::vector<std::vector<std::int64_t>> shapes;
    std::vector<tensor_to_write> written;
    for (const file_tensor& t : tensors) shapes.push_back(t.shape());
    for (std::size_t t = 0; t < tensors.size(); ++t) written.push_back(f32_tensor(tensors[t].name, shapes[t], data[t]));
    const std::pair<std::string_view, std::string_view> texts[] = {{"format", "pt"}};
    REQUIRE(write_safetensors(path, written, texts));
  }
  float at(std::string_view name, std::size_t i) const {
    const auto found =
        std::find_if(tensors.begin(), tensors.end(), [&](const file_tensor& t) { return t.name == name; });
    REQUIRE(found != tensors.end());
    return data[std::size_t(found - tensors.begin())].at(i);
  }
};

float value(const parameters<per_head>& values, std::string_view name, index_type row, index_type column) {
  const parameter_tensor tensor = find_tensor(layout_of<per_head>, name);
  REQUIRE(tensor.of);
  return values.of(tensor)[row * tensor.of->columns + column];
}

}  // namespace

TEST_CASE("gives a tensor the shape of its rule") {
  const std::vector<file_tensor> tensors = file_tensors_of(layout_of<per_head>, per_head::huggingface);
  const auto places = std::find_if(tensors.begin(), tensors.end(), [](auto& t) { return t.name == "places"; });
  REQUIRE(places != tensors.end());
  CHECK(places->shape() == std::vector<std::int64_t>{1, 4, 2, 4});
}
TEST_CASE("reads a parameter from several tensors") {
  const scratch_folder folder;
  const numbered_file file{folder / "model.safetensors"};
  const auto loaded = load_parameters<per_head>(folder / "model.safetensors");
  REQUIRE(loaded);
  for (index_type column = 0; column < stream; ++column) {
    CHECK(value(*loaded, "token_embedding.weight", 6, column) == file.at("words", std::size_t(6 * stream + column)));
    CHECK(value(*loaded, "token_embedding.weight", 8, column) == file.at("added", std::size_t(column * 3 + 1)));
    // Row 6 is row 2 of the second head.
    CHECK(value(*loaded, "blocks.1.attention.query.weight", 6, column) ==
          file.at("layer.2.head.1.q", std::size_t(column * head + 2)));
    CHECK(value(*loaded, "blocks.0.attention.key.weight", 6, column) ==
          file.at("layer.1.head.1.kv", std::size_t(2 * stream + column)));
    CHECK(value(*loaded, "blocks.0.attention.value.weight", 1, column) ==
          file.at("layer.1.head.0.kv", std::size_t((head + 1) * stream + column)));
  }
  for (index_type row = 0; row < stream; ++row) {
    const index_type of_head = row / head, in_head = row % head;
    for (const auto& [name, part] : {std::pair{"query", 0}, std::pair{"key", 1}, std::pair{"value", 2}})
      CHECK(value(*loaded, "blocks.1.attention." + std::string(name) + ".bias", row, 0) ==
            file.at("layer.2.qkv_bias", std::size_t((of_head * 3 + part) * head + in_head)));
  }
  CHECK(value(*loaded, "blocks.0.feed_forward.down.bias", 3, 0) == file.at("first_down_bias", 3));
  CHECK(value(*loaded, "blocks.1.feed_forward.down.bias", 3, 0) == file.at("blocks.1.feed_forward.down.bias", 3));
}

TEST_CASE("fills a parameter that files leave out") {
  const scratch_folder folder;
  const numbered_file file{folder / "model.safetensors"};
  const auto loaded = load_parameters<per_head>(folder / "model.safetensors");
  REQUIRE(loaded);
  CHECK(value(*loaded, "blocks.1.feed_forward.up.bias", 15, 0) == 0);
  CHECK(value(*loaded, "blocks.0.attention_norm.weight", 7, 0) == 1);

  auto body = testing::random_parameters<per_head>(3);
  REQUIRE(load_body(folder / "model.safetensors", body));
  CHECK(std::equal(body.data(), body.data() + body.size(), loaded->data()));
}

TEST_CASE("writes the tensors that it read, byte by byte") {
  const scratch_folder folder;
  const numbered_file file{folder / "model.safetensors"};
  const auto loaded = load_parameters<per_head>(folder / "model.safetensors");
  REQUIRE(loaded);
  REQUIRE(save(folder / "again.safetensors", *loaded));
  CHECK(bytes_of_file(folder / "again.safetensors") == bytes_of_file(folder / "model.safetensors"));
}

TEST_CASE("stores trained values of a parameter that files leave out") {
  const scratch_folder folder;
  const auto values = testing::random_parameters<per_head>(4);
  REQUIRE(save(folder / "trained.safetensors", values));
  const auto again = load_parameters<per_head>(folder / "trained.safetensors");
  REQUIRE(again);
  CHECK(std::equal(values.data(), values.data() + values.size(), again->data()));
}

TEST_CASE("rejects a file with more heads than the model") {
  const scratch_folder folder;
  numbered_file file{folder / "model.safetensors"};
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<tensor_to_write> written;
  for (const file_tensor& t : file.tensors) shapes.push_back(t.shape());
  for (std::size_t t = 0; t < file.tensors.size(); ++t)
    written.push_back(f32_tensor(file.tensors[t].name, shapes[t], file.data[t]));
  const std::vector<std::int64_t> shape{stream, head};
  const std::vector<float> more(std::size_t(stream * head));
  written.push_back(f32_tensor("layer.1.head.2.q", shape, more));
  REQUIRE(write_safetensors(folder / "wide.safetensors", written));
  const auto loaded = load_parameters<per_head>(folder / "wide.safetensors");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().tensor == "layer.1.head.2.q");
  parameters<per_head> body;
  const auto report = load_body(folder / "wide.safetensors", body);
  REQUIRE_FALSE(report);
  CHECK(report.error().tensor == "layer.1.head.2.q");
}

}  // namespace typeformer
