// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/adapter_file.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/models/adapted.hpp>
#include <typeformer/models/bert.hpp>

// What fine-tuning has added is in its own file and is loaded onto the body that it was trained on.
namespace typeformer {
namespace {

using testing::random_parameters, testing::scratch_folder;

inline constexpr bert_config config{.layers = 2, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8};
struct pretrained : bert<config> {};
struct plain : bert_body<config, gelu_erf, first_token_pooler<>, classifier<3>> {};
template <index_type Rank, number Alpha> struct tuned : adapted<plain, low_rank<rank<Rank>, alpha<Alpha>>> {};

template <Model M> std::vector<float> all(const parameters<M>& values) {
  return {values.data(), values.data() + values.size()};
}
template <Model M> std::string error_of(const std::string& path) {
  auto values = random_parameters<M>(5);
  const auto before = all(values);
  const auto loaded = load_adapters(path, values);
  REQUIRE_FALSE(loaded);
  CHECK(all(values) == before);
  return loaded.error().message();
}
bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("restores a fine-tuned model from the body's file and the file of its adapters and head", "[adapter_file]") {
  const scratch_folder folder;
  const std::string body = folder / "body.safetensors", added = folder / "added.safetensors";
  REQUIRE(save(body, random_parameters<pretrained>(1)));
  auto values = random_parameters<tuned<2, 4.0>>(2);
  REQUIRE(load_body(body, values));
  REQUIRE(save_adapters(added, values, head_and_adapter_parameters{}));

  auto again = random_parameters<tuned<2, 4.0>>(3);
  REQUIRE(load_body(body, again));
  CHECK(all(again) != all(values));
  const auto loaded = load_adapters(added, again, head_and_adapter_parameters{});
  INFO((loaded ? "" : loaded.error().message()));
  REQUIRE(loaded);
  CHECK(all(again) == all(values));
}

TEST_CASE("saves only the updates by default, and changes nothing else", "[adapter_file]") {
  const scratch_folder folder;
  const std::string path = folder / "adapters.safetensors";
  const auto values = random_parameters<tuned<2, 4.0>>(2);
  REQUIRE(save_adapters(path, values));
  const auto file = checkpoint_file::open(path);
  REQUIRE(file);
  CHECK(file->tensors().size() == 2 * 4);
  CHECK(std::all_of(file->tensors().begin(), file->tensors().end(),
                    [](const stored_tensor& t) { return contains(t.name, ".lora_"); }));
  auto other = random_parameters<tuned<2, 4.0>>(3);
  const auto before = random_parameters<tuned<2, 4.0>>(3);
  REQUIRE(load_adapters(path, other));
  for_each_tensor(layout_of<tuned<2, 4.0>>, [&](const parameter_tensor& t) {
    const auto& source = adapter_parameters{}(t) ? values : before;
    INFO(std::string(t.name().view()));
    CHECK(std::equal(other.of(t), other.of(t) + t.size(), source.of(t)));
  });
}

TEST_CASE("rejects adapters of another rank or alpha, and files without them", "[adapter_file]") {
  const scratch_folder folder;
  const std::string path = folder / "adapters.safetensors";
  REQUIRE(save_adapters(path, random_parameters<tuned<2, 4.0>>(2)));
  const std::string rank = error_of<tuned<3, 4.0>>(path);
  INFO(rank);
  CHECK(contains(rank, "blocks.0.attention.query.lora_A.weight"));
  CHECK(contains(rank, "expected [3, 8], found [2, 8]"));
  const std::string alpha = error_of<tuned<2, 5.0>>(path);
  INFO(alpha);
  CHECK(contains(alpha, "was trained with another alpha: expected 5, found 4"));

  REQUIRE(save_adapters(path, random_parameters<tuned<2, 1e-7>>(2)));
  CHECK(contains(error_of<tuned<2, 4e-7>>(path), "another alpha: expected 4e-07, found 1e-07"));
  auto tiny = random_parameters<tuned<2, 1e-7>>(3);
  CHECK(load_adapters(path, tiny));

  REQUIRE(save(path, random_parameters<pretrained>(1)));
  CHECK(contains(error_of<tuned<2, 4.0>>(path), "is missing"));
  const auto nothing_to_save = save_adapters(path, random_parameters<plain>(1));
  REQUIRE_FALSE(nothing_to_save);
  CHECK(contains(nothing_to_save.error().message(), "no tensor to be saved"));
}

TEST_CASE("changes nothing if adapters are not finite or their alpha is not a number", "[adapter_file]") {
  const scratch_folder folder;
  const std::string path = folder / "adapters.safetensors";
  auto values = random_parameters<tuned<2, 4.0>>(2);
  index_type last = 0;
  for_each_tensor(layout_of<tuned<2, 4.0>>, [&](const parameter_tensor& t) {
    if (adapter_parameters{}(t)) last = t.offset + t.size() - 1;
  });
  values.data()[last] = std::numeric_limits<float>::quiet_NaN();
  REQUIRE(save_adapters(path, values));
  CHECK(contains(error_of<tuned<2, 4.0>>(path), "a number is not finite: found element "));

  REQUIRE(save_adapters(path, random_parameters<tuned<2, 4.0>>(2)));
  const auto file = checkpoint_file::open(path);
  REQUIRE(file);
  std::vector<tensor_to_write> tensors;
  for (const stored_tensor& t : file->tensors()) tensors.push_back({t.name, t.dtype, t.shape, t.bytes});
  const auto with_alpha = [&](std::string_view alpha) {
    const std::pair<std::string_view, std::string_view> metadata[] = {{"lora_alpha", alpha}};
    REQUIRE(write_safetensors(folder / "other.safetensors", tensors, metadata));
    return folder / "other.safetensors";
  };
  REQUIRE(write_safetensors(path, tensors));
  CHECK(error_of<tuned<2, 4.0>>(path) == path + ": its metadata lack lora_alpha: expected 4, found no such key");
  CHECK(contains(error_of<tuned<2, 4.0>>(with_alpha("4,0")), "another alpha: expected 4, found 4,0"));
  CHECK(contains(error_of<tuned<2, 4.0>>(with_alpha("nan")), "another alpha: expected 4, found nan"));
  auto same = random_parameters<tuned<2, 4.0>>(3);
  CHECK(load_adapters(with_alpha("4.000000"), same));
}

}  // namespace typeformer
