// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <functional>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/gopher.hpp>
#include <typeformer/models/gpt.hpp>
#include <typeformer/models/gpt3.hpp>
#include <typeformer/models/gpt_neo.hpp>
#include <typeformer/models/palm.hpp>
#include <typeformer/models/t5.hpp>

// Files of the other decoders: blocks that are numbered from 1, projections that share a tensor, buffers that are not
// parameters.
namespace typeformer {
namespace {

using testing::random_parameters, testing::scratch_folder;

struct gpt_of_case : gpt<gpt_config{.width = 16, .heads = 2, .vocabulary = 40, .context = 24}> {};
struct shallow_gpt : gpt<gpt_config{.layers = 2, .width = 16, .heads = 2, .vocabulary = 40, .context = 24}> {};
struct shallow_gpt3 : gpt3<gpt3_config{.layers = 3, .width = 16, .heads = 2, .vocabulary = 40, .context = 24}> {};
struct shallow_neo
    : gpt_neo<gpt_neo_config{.layers = 3, .width = 16, .heads = 2, .hidden = 24, .vocabulary = 40, .context = 24}> {};
constexpr palm_config palm_numbers{
    .layers = 2, .width = 16, .heads = 3, .head_width = 8, .hidden = 32, .vocabulary = 40, .context = 24};
constexpr palm_config deeper(palm_config c) { return c.layers = 3, c; }
struct shallow_palm : palm<palm_numbers> {};
struct deeper_palm : palm<deeper(palm_numbers)> {};
struct gopher_of_case
    : gopher<gopher_config{
          .layers = 3, .width = 48, .heads = 4, .head_width = 12, .hidden = 96, .vocabulary = 96, .context = 24}> {};
constexpr t5_config t5_numbers{.layers = 2,
                               .width = 12,
                               .heads = 2,
                               .head_width = 6,
                               .hidden = 16,
                               .vocabulary = 32,
                               .context = 12,
                               .buckets = 8,
                               .maximum_distance = 12};
struct t5_of_case : t5<t5_numbers> {};

std::string golden(const char* model) { return std::string(TYPEFORMER_SOURCE_DIR) + "/tests/golden/models/" + model; }

template <Model M> std::vector<float> all(const parameters<M>& values) {
  return {values.data(), values.data() + values.size()};
}

/// Loads the case's file, saves it, and compares names, shapes and bytes of both files.
template <Model M> void check_round_trip(const char* model) {
  INFO(model);
  const auto values = load_parameters<M>(golden(model));
  INFO((values ? "" : values.error().message()));
  REQUIRE(values);
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  REQUIRE(save(path, *values));
  const auto before = checkpoint_file::open(golden(model)), after = checkpoint_file::open(path);
  REQUIRE((before && after));
  CHECK(before->tensors().size() == after->tensors().size());
  for (const stored_tensor& t : before->tensors()) {
    INFO(t.name);
    const stored_tensor* const same = after->find(t.name);
    REQUIRE(same);
    CHECK(std::equal(t.shape.begin(), t.shape.end(), same->shape.begin(), same->shape.end()));
    CHECK(std::equal(t.bytes.begin(), t.bytes.end(), same->bytes.begin(), same->bytes.end()));
  }
}

TEST_CASE("loads and saves the files of every other decoder") {
  check_round_trip<shallow_gpt>("openai-gpt");
  check_round_trip<shallow_gpt3>("gpt3");
  check_round_trip<shallow_neo>("gpt_neo");
  check_round_trip<shallow_palm>("palm");
}

struct named_floats {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

/// The file of the case after a change of its tensors.
std::string changed(const scratch_folder& folder, const char* model,
                    const std::function<void(std::vector<named_floats>&)>& change) {
  const auto file = checkpoint_file::open(golden(model));
  REQUIRE(file);
  std::vector<named_floats> tensors;
  for (const stored_tensor& t : file->tensors()) {
    std::vector<float> numbers(t.bytes.size() / sizeof(float));
    REQUIRE(read_floats(t, numbers));
    tensors.push_back({std::string(t.name), {t.shape.begin(), t.shape.end()}, std::move(numbers)});
  }
  change(tensors);
  std::vector<tensor_to_write> written;
  for (const named_floats& t : tensors) written.push_back(f32_tensor(t.name, t.shape, t.numbers));
  const std::string path = folder / "model.safetensors";
  REQUIRE(write_safetensors(path, written));
  return path;
}

TEST_CASE("ignores the buffers in a state of PaLM-pytorch") {
  const scratch_folder folder;
  const std::string path = changed(folder, "palm", [](auto& tensors) {
    for (const char* name : {"1.fn.norm.beta", "2.fn.norm.beta", "3.beta"})
      tensors.push_back({name, {16}, std::vector<float>(16)});
    for (const char* name : {"1.fn.rotary_emb.inv_freq", "2.fn.rotary_emb.inv_freq"})
      tensors.push_back({name, {4}, std::vector<float>(4, 1.0f)});
  });
  const auto plain = load_parameters<shallow_palm>(golden("palm")), with_buffers = load_parameters<shallow_palm>(path);
  REQUIRE(plain);
  INFO((with_buffers ? "" : with_buffers.error().message()));
  REQUIRE(with_buffers);
  CHECK(all(*plain) == all(*with_buffers));
}

TEST_CASE("ignores the frequencies of a Transformer-XL's sinusoids") {
  const scratch_folder folder;
  const std::string path = changed(folder, "gopher", [](auto& tensors) {
    tensors.push_back({"pos_emb.inv_freq", {24}, std::vector<float>(24)});
  });
  const auto plain = load_parameters<gopher_of_case>(golden("gopher")),
             with_buffer = load_parameters<gopher_of_case>(path);
  REQUIRE((plain && with_buffer));
  CHECK(all(*plain) == all(*with_buffer));
}

TEST_CASE("accepts T5's table under the names of its stacks only, or under all") {
  const auto plain = load_parameters<t5_of_case>(golden("t5_v1_0"));
  REQUIRE(plain);
  for (const bool keeps_shared : {false, true})
    for (const char* name : {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"}) {
      INFO(name);
      const scratch_folder folder;
      const std::string path = changed(folder, "t5_v1_0", [&](auto& tensors) {
        const auto shared = std::find_if(tensors.begin(), tensors.end(),
                                         [](const named_floats& t) { return t.name == "shared.weight"; });
        REQUIRE(shared != tensors.end());
        const named_floats table{name, shared->shape, shared->numbers};
        if (!keeps_shared) tensors.erase(shared);
        tensors.push_back(table);
      });
      const auto other = load_parameters<t5_of_case>(path);
      INFO((other ? "" : other.error().message()));
      REQUIRE(other);
      CHECK(all(*plain) == all(*other));
    }
}

TEST_CASE("names the block as the file does for a file of another depth") {
  const auto loaded = load_parameters<deeper_palm>(golden("palm"));
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().message().find("\"3.fn.norm.gamma\": is missing") != std::string::npos);
  const scratch_folder folder;
  const std::string path = changed(folder, "palm", [](auto& tensors) {
    tensors.push_back({"3.fn.norm.gamma", {16}, std::vector<float>(16)});
  });
  const auto more = load_parameters<shallow_palm>(path);
  REQUIRE_FALSE(more);
  CHECK(more.error().message().find("\"3.fn.norm.gamma\": the model has no such tensor") != std::string::npos);
}

TEST_CASE("takes a body from a file whose blocks are numbered from 1") {
  auto values = random_parameters<shallow_palm>(3);
  const auto expected = load_parameters<shallow_palm>(golden("palm"));
  REQUIRE(expected);
  const auto report = load_body(golden("palm"), values);
  REQUIRE(report);
  CHECK(report->taken == 1 + 2 * 4 + 1);
  CHECK(all(values) == all(*expected));

  // Block 0 keeps its initial values, so its tensors, number 1 in the file, are not read.
  auto partly = random_parameters<shallow_palm>(3);
  const auto keeps_first = [](std::string_view name) { return name.starts_with("blocks.0."); };
  const auto partial = load_body(golden("palm"), partly, keeps_first);
  REQUIRE(partial);
  CHECK(partial->left.size() == 4);
  CHECK(partial->kept.size() == 8);
  CHECK(
      std::all_of(partial->left.begin(), partial->left.end(), [](const auto& name) { return name.starts_with("1."); }));
}

TEST_CASE("has GPT's published depth by default") {
  const auto loaded = load_parameters<gpt_of_case>(golden("openai-gpt"));
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().message().find("transformer.h.2.") != std::string::npos);
}

}  // namespace
}  // namespace typeformer
