// SPDX-License-Identifier: BSL-1.0
// Weights that are not finite are rejected with tensor and element, and nothing is loaded in part.
#include <limits>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/gpt2.hpp>

namespace typeformer {
namespace {

using testing::random_parameters, testing::scratch_folder;

struct small : gpt2<gpt2_config{.layers = 2, .width = 8, .heads = 2, .vocabulary = 7, .context = 8}> {};

constexpr float infinity = std::numeric_limits<float>::infinity();

std::vector<float> all(const parameters<small>& values) { return {values.data(), values.data() + values.size()}; }

/// Saves parameters of which one number is `value`: the `element` of a tensor, in the model's own order.
void save_with(const std::string& path, std::string_view tensor, index_type element, float value) {
  auto values = random_parameters<small>(1);
  bool is_there = false;
  for_each_tensor(layout_of<small>, [&](const parameter_tensor& t) {
    if (t.name().view() != tensor) return;
    is_there = true;
    values.of(t)[element] = value;
  });
  REQUIRE(is_there);
  REQUIRE(save(path, values));
}

}  // namespace

TEST_CASE("rejects weights that are not finite, naming tensor and element", "[loading]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity}) {
    save_with(path, "blocks.1.attention_norm.weight", 3, value);
    const auto loaded = load_parameters<small>(path);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().message() ==
          path + ": tensor \"transformer.h.1.ln_1.weight\": a number is not finite: found element 3");
    CHECK_FALSE(load<small>(path));
    const auto as_it_is = load_parameters<small>(path, accepted_numbers::any);
    REQUIRE(as_it_is);
    CHECK(std::count_if(as_it_is->data(), as_it_is->data() + as_it_is->size(),
                        [](float x) { return !std::isfinite(x); }) == 1);
    CHECK(load<small>(path, accepted_numbers::any));
  }
}

TEST_CASE("counts the element in the file's order, over all parts of a tensor", "[loading]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  // c_attn is [8, 24] in the file. The value's weight is [8, 8] in the model; it is the last third, transposed.
  save_with(path, "blocks.0.attention.value.weight", 2 * 8 + 5, infinity);
  const auto loaded = load_parameters<small>(path);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().tensor == "transformer.h.0.attn.c_attn.weight");
  CHECK(loaded.error().found == "element " + std::to_string(5 * 24 + 16 + 2));
}

TEST_CASE("keeps a body unchanged if a later tensor is rejected", "[loading]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  save_with(path, "final_norm.bias", 7, infinity);
  auto values = random_parameters<small>(2);
  const auto before = all(values);
  const auto loaded = load_body(path, values);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().problem == "a number is not finite");
  CHECK(all(values) == before);
}

TEST_CASE("rejects a double beyond the range of a float", "[loading]") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  REQUIRE(save(path, random_parameters<small>(1)));
  const auto file = checkpoint_file::open(path);
  REQUIRE(file);
  std::vector<tensor_to_write> tensors;
  std::vector<double> wide;
  for (const stored_tensor& t : file->tensors()) {
    tensors.push_back({t.name, t.dtype, t.shape, t.bytes});
    if (t.name != "transformer.ln_f.bias") continue;
    wide.assign(t.element_count(), 1.0);
    wide.back() = 1e39;
    tensors.back().dtype = tensor_dtype::f64;
    tensors.back().bytes = std::as_bytes(std::span(wide));
  }
  REQUIRE(write_safetensors(folder / "wide.safetensors", tensors));
  const auto loaded = load_parameters<small>(folder / "wide.safetensors");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().found == "element 7");
}

}  // namespace typeformer
