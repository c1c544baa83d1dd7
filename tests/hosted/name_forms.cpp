// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/parameters/find_tensor.hpp>
#include <typeformer/types.hpp>

// Tensors with other axes than their leaves, and tensors that a file may lack.
namespace typeformer {
namespace {

using testing::scratch_folder;

struct of_other_axes : decoder_only<token_embedding<vocabulary<10>, width<8>>, learned_positions<context<4>>,
                                    repeat<2, pre_norm_block<self_attention<heads<2>, causal>, feed_forward<16, relu>>>,
                                    head_with_bias<tied_head>> {
  static constexpr file_tensor_rule rules[] = {
      or_else({"positions", file_layout::as_is, {"position_embedding.weight"}}, half_split_sinusoid<8>),
      in_shape("layer.*.line", "blocks.*.feed_forward.up.weight", {16, 2, 4}),
      or_else(in_shape("bias", "head.bias", {1, 10}), zero_everywhere),
  };
  static constexpr file_names huggingface{rules, int(std::size(rules))};
};
static_assert(NamedInFiles<of_other_axes>);

float value(const parameters<of_other_axes>& values, std::string_view name, index_type i) {
  const parameter_tensor tensor = find_tensor(layout_of<of_other_axes>, name);
  REQUIRE(tensor.of);
  return values.of(tensor)[i];
}

}  // namespace

TEST_CASE("writes and reads tensors with other axes than their leaves") {
  const scratch_folder folder;
  const auto values = testing::random_parameters<of_other_axes>(4);
  REQUIRE(save(folder / "model.safetensors", values));
  const auto file = checkpoint_file::open(folder / "model.safetensors");
  REQUIRE(file);
  const auto shape = [&](const char* name) {
    const stored_tensor* const found = file->find(name);
    REQUIRE(found);
    return std::vector<std::int64_t>{found->shape.begin(), found->shape.end()};
  };
  CHECK(shape("bias") == std::vector<std::int64_t>{1, 10});
  CHECK(shape("layer.1.line") == std::vector<std::int64_t>{16, 2, 4});
  const auto again = load_parameters<of_other_axes>(folder / "model.safetensors");
  REQUIRE(again);
  CHECK(std::equal(values.data(), values.data() + values.size(), again->data()));
}

TEST_CASE("gives a tensor that a file lacks the values of its rule") {
  const scratch_folder folder;
  const auto values = testing::random_parameters<of_other_axes>(4);
  std::vector<file_tensor> tensors = file_tensors_of(layout_of<of_other_axes>, of_other_axes::huggingface);
  std::erase_if(tensors, [](const file_tensor& t) { return t.name == "bias" || t.name == "positions"; });
  REQUIRE(write_checkpoint(folder / "model.safetensors", tensors, values.data(), {}));
  const auto loaded = load_parameters<of_other_axes>(folder / "model.safetensors");
  REQUIRE(loaded);
  auto body = testing::random_parameters<of_other_axes>(5);
  REQUIRE(load_body(folder / "model.safetensors", body));
  for (index_type i = 0; i < 10; ++i) CHECK(value(*loaded, "head.bias", i) == 0);
  for (index_type position = 0; position < 4; ++position)
    for (index_type i = 0; i < 8; ++i) {
      const double angle = double(position) / std::pow(10000.0, double(i % 4) / 4);
      CHECK(value(*loaded, "position_embedding.weight", position * 8 + i) ==
            Approx(i < 4 ? std::sin(angle) : std::cos(angle)).margin(1e-7));
      CHECK(value(body, "position_embedding.weight", position * 8 + i) ==
            value(*loaded, "position_embedding.weight", position * 8 + i));
    }
  std::erase_if(tensors, [](const file_tensor& t) { return t.name == "layer.1.line"; });
  REQUIRE(write_checkpoint(folder / "less.safetensors", tensors, values.data(), {}));
  const auto less = load_parameters<of_other_axes>(folder / "less.safetensors");
  REQUIRE_FALSE(less);
  CHECK(less.error().tensor == "layer.1.line");
}

TEST_CASE("computes the sinusoids of Whisper's published table") {
  // log_timescale = ln 10000 / (half - 1): the last pair has the period 2π · 10000.
  CHECK(inclusive_sinusoid<8>(0, 3) == 0);
  CHECK(inclusive_sinusoid<8>(7, 0) == Approx(std::sin(7.0)));
  CHECK(inclusive_sinusoid<8>(7, 3) == Approx(std::sin(7.0 / 10000)));
  CHECK(inclusive_sinusoid<8>(7, 5) == Approx(std::cos(7.0 / std::pow(10000.0, 1.0 / 3))));
}

}  // namespace typeformer
