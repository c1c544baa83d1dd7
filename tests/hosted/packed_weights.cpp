// SPDX-License-Identifier: BSL-1.0
// Weights that are packed while a file is read, and weights in a file of the kernels' own form.
#include <algorithm>
#include <cstring>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/mapped_weights.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/palm.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/typeformer.hpp>

namespace typeformer {
namespace {

using testing::random_parameters, testing::scratch_folder;

// Widths that are no multiples of a panel, and tables of several pieces.
struct gpt2_of_case
    : gpt2<gpt2_config{.layers = 2, .width = 52, .heads = 4, .hidden = 100, .vocabulary = 6000, .context = 20}> {};
struct deeper_gpt2
    : gpt2<gpt2_config{.layers = 3, .width = 52, .heads = 4, .hidden = 100, .vocabulary = 6000, .context = 20}> {};
struct llama_of_case : llama<llama_config{.layers = 2,
                                          .width = 56,
                                          .heads = 7,
                                          .key_value_heads = 1,
                                          .hidden = 75,
                                          .vocabulary = 5003,
                                          .context = 16}> {};
struct wide_llama
    : llama<llama_config{.layers = 1, .width = 640, .heads = 10, .hidden = 700, .vocabulary = 50, .context = 16}> {};
struct palm_of_case
    : palm<palm_config{
          .layers = 2, .width = 16, .heads = 3, .head_width = 8, .hidden = 32, .vocabulary = 40, .context = 24}> {};
struct bert_of_case
    : bert<bert_config{.layers = 2, .width = 60, .heads = 5, .hidden = 90, .vocabulary = 70, .context = 24}> {};

template <class A, class B> bool same_bytes(const A& a, const B& b, std::size_t count) {
  return std::memcmp(a, b, count * sizeof(float)) == 0;
}

TEMPLATE_TEST_CASE("loads weights that equal packed parameters", "", gpt2_of_case, llama_of_case, wide_llama,
                   palm_of_case, bert_of_case) {
  const auto values = random_parameters<TestType>(1);
  const scratch_folder folder;
  REQUIRE(save(folder / "model.safetensors", values));
  const auto loaded = load<TestType>(folder / "model.safetensors");
  INFO((loaded ? "" : loaded.error().message()));
  REQUIRE(loaded);
  const weights<TestType> packed{values};
  CHECK(same_bytes(loaded->data(), packed.data(), std::size_t(layout_of<TestType>.parameters)));
}

TEST_CASE("names the first number that is not finite, for any number of threads") {
  auto values = random_parameters<gpt2_of_case>(1);
  const auto last = std::size_t(layout_of<gpt2_of_case>.parameters) - 1;
  values.data()[last] = values.data()[700] = values.data()[300'000] = NAN;
  const scratch_folder folder;
  REQUIRE(save(folder / "model.safetensors", values));
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto loaded = load<gpt2_of_case>(folder / "model.safetensors");
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().message() ==
          folder / "model.safetensors" +
              ": tensor \"transformer.wte.weight\": a number is not finite: found element 700");
  }
  CHECK(load<gpt2_of_case>(folder / "model.safetensors", accepted_numbers::any));
}

TEST_CASE("maps packed weights, with which a session computes the same") {
  const weights<gpt2_of_case> packed{random_parameters<gpt2_of_case>(2)};
  const scratch_folder folder;
  const std::string path = folder / "packed.safetensors";
  REQUIRE(save_packed(path, packed));
  const auto mapped = mapped_weights<gpt2_of_case>::open(path);
  INFO((mapped ? "" : mapped.error().message()));
  REQUIRE(mapped);
  CHECK(reinterpret_cast<std::uintptr_t>(mapped->view().data) % 64 == 0);
  session<gpt2_of_case> of_memory{packed};
  session<gpt2_of_case, reads<mapped_weights<gpt2_of_case>>> of_file{*mapped};
  const std::int32_t prompt[] = {1, 5999, 17};
  REQUIRE(of_memory.prefill(prompt));
  REQUIRE(of_file.prefill(prompt));
  const auto expected = of_memory.logits(0), got = of_file.logits(0);
  REQUIRE((expected && got));
  CHECK(std::ranges::equal(*expected, *got));
}

TEST_CASE("rejects packed weights of another model or instruction set, and files of another kind") {
  const auto values = random_parameters<gpt2_of_case>(2);
  const scratch_folder folder;
  const std::string path = folder / "packed.safetensors", plain = folder / "model.safetensors";
  REQUIRE(save_packed(path, weights<gpt2_of_case>{values}));
  const auto deeper = mapped_weights<deeper_gpt2>::open(path);
  REQUIRE_FALSE(deeper);
  CHECK(deeper.error().message().starts_with(path +
                                             ": tensor \"typeformer.layout\": packed for another model: expected "));
  REQUIRE(save(plain, values));
  const auto other = mapped_weights<gpt2_of_case>::open(plain);
  REQUIRE_FALSE(other);
  CHECK(other.error().message() == plain + ": tensor \"packed_weights\": tensor missing");
  CHECK_FALSE(mapped_weights<gpt2_of_case>::open(folder / "absent"));

  const std::int64_t shape[] = {3};
  const float numbers[] = {1, 2, 3};
  const std::string digest = packed_weights_file::digest(layout_of<gpt2_of_case>),
                    width = std::to_string(kernels::native_panel_width);
  const std::pair<std::string_view, std::string_view> metadata[] = {{packed_weights_file::layout_key, digest},
                                                                    {packed_weights_file::panel_key, width}};
  const tensor_to_write tensors[] = {f32_tensor(packed_weights_file::tensor, shape, numbers)};
  REQUIRE(write_safetensors(path, tensors, metadata));
  const auto shortened = mapped_weights<gpt2_of_case>::open(path);
  REQUIRE_FALSE(shortened);
  CHECK(shortened.error().message().find("wrong shape or type: expected F32 [") != std::string::npos);

  const std::string other_width = std::to_string(kernels::native_panel_width * 2);
  const std::pair<std::string_view, std::string_view> of_wider_panels[] = {
      {packed_weights_file::layout_key, digest}, {packed_weights_file::panel_key, other_width}};
  REQUIRE(write_safetensors(path, tensors, of_wider_panels));
  const auto wider = mapped_weights<gpt2_of_case>::open(path);
  REQUIRE_FALSE(wider);
  CHECK(wider.error().message() ==
        path + ": tensor \"typeformer.panel_width\": packed for another instruction set: expected " + width +
            ", found " + other_width);
}

}  // namespace
}  // namespace typeformer
