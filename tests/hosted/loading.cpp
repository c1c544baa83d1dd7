// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>

// Errors of a checkpoint give file, tensor, expected and found. A model that was loaded before does not change.
namespace typeformer {
namespace {

using testing::bytes_of_file, testing::scratch_folder, testing::write_file;

struct gpt2_of_case : gpt2<gpt2_config{.layers = 3, .width = 48, .heads = 4, .vocabulary = 96, .context = 32}> {};
inline constexpr llama_config llama_of_case_config{
    .layers = 3, .width = 48, .heads = 4, .key_value_heads = 2, .hidden = 96, .vocabulary = 96, .context = 40};
struct llama_of_case : llama<llama_of_case_config> {};

std::string golden(const char* path) { return std::string(TYPEFORMER_SOURCE_DIR) + "/tests/golden/" + path; }

/// A checkpoint in memory that can be damaged and written.
struct editable_checkpoint {
  struct entry {
    std::string name;
    tensor_dtype dtype;
    std::vector<std::int64_t> shape;
    std::string bytes;
  };
  std::vector<entry> entries;

  explicit editable_checkpoint(const std::string& path) {
    const auto file = checkpoint_file::open(path);
    REQUIRE(file);
    for (const stored_tensor& t : file->tensors())
      entries.push_back({std::string(t.name),
                         t.dtype,
                         {t.shape.begin(), t.shape.end()},
                         {reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size()}});
  }
  entry& operator[](std::string_view name) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const entry& e) { return e.name == name; });
    REQUIRE(found != entries.end());
    return *found;
  }
  void erase(std::string_view name) {
    std::erase_if(entries, [&](const entry& e) { return e.name == name; });
  }
  void write(const std::string& path) const {
    std::vector<tensor_to_write> tensors;
    for (const entry& e : entries) tensors.push_back({e.name, e.dtype, e.shape, testing::as_bytes(e.bytes)});
    REQUIRE(write_safetensors(path, tensors));
  }
};

template <class M> std::vector<float> canonical_values(const std::string& path) {
  const auto loaded = load_parameters<M>(path);
  INFO((loaded ? "" : loaded.error().message()));
  REQUIRE(loaded);
  return {loaded->data(), loaded->data() + loaded->size()};
}

/// Loads a damaged file into a variable that holds a model and returns the error. The model must not have changed.
template <class M> std::string error_of(const std::string& good, const std::string& damaged) {
  const auto model = load<M>(good);
  REQUIRE(model);
  const std::vector<float> before(model->data(), model->data() + parameters<M>::count);
  const auto packed = load<M>(damaged);
  const auto canonical = load_parameters<M>(damaged);
  REQUIRE_FALSE(packed);
  REQUIRE_FALSE(canonical);
  CHECK(packed.error().message() == canonical.error().message());
  CHECK(std::memcmp(before.data(), model->data(), before.size() * sizeof(float)) == 0);
  return packed.error().message();
}

std::string damaged_gpt2(const std::function<void(editable_checkpoint&)>& damage) {
  const scratch_folder folder;
  editable_checkpoint file(golden("models/gpt2"));
  damage(file);
  const std::string path = folder / "model.safetensors";
  file.write(path);
  const std::string message = error_of<gpt2_of_case>(golden("models/gpt2"), path);
  REQUIRE(message.starts_with(path + ": "));
  return message.substr(path.size() + 2);
}

TEST_CASE("rejects a checkpoint with a missing or renamed tensor") {
  CHECK(damaged_gpt2([](auto& file) { file.erase("transformer.h.1.ln_2.bias"); }) ==
        "tensor \"transformer.h.1.ln_2.bias\": is missing: expected [48], found no such tensor");
  CHECK(damaged_gpt2([](auto& file) {
          file["transformer.h.2.attn.c_attn.weight"].name = "transformer.h.2.attn.qkv.weight";
        }) == "tensor \"transformer.h.2.attn.c_attn.weight\": is missing: expected [48, 144], found no such tensor");
}

TEST_CASE("rejects a checkpoint with a superfluous tensor") {
  CHECK(damaged_gpt2([](auto& file) {
          auto extra = file["transformer.ln_f.bias"];
          extra.name = "transformer.ln_f.scale";
          file.entries.push_back(extra);
        }) == "tensor \"transformer.ln_f.scale\": the model has no such tensor: found [48]");
  // One more block than the model has.
  CHECK(damaged_gpt2([](auto& file) {
          auto extra = file["transformer.h.2.mlp.c_fc.weight"];
          extra.name = "transformer.h.3.mlp.c_fc.weight";
          file.entries.push_back(extra);
        }) == "tensor \"transformer.h.3.mlp.c_fc.weight\": the model has no such tensor: found [48, 192]");
}

TEST_CASE("rejects a checkpoint with a misshaped tensor") {
  CHECK(damaged_gpt2([](auto& file) {
          auto& table = file["transformer.wte.weight"];
          table.shape[0] -= 1;
          table.bytes.resize(table.bytes.size() - 48 * 4);
        }) == "tensor \"transformer.wte.weight\": wrong shape: expected [96, 48], found [95, 48]");
  CHECK(damaged_gpt2([](auto& file) {
          std::swap(file["transformer.h.0.mlp.c_fc.weight"].shape[0], file["transformer.h.0.mlp.c_fc.weight"].shape[1]);
        }) == "tensor \"transformer.h.0.mlp.c_fc.weight\": wrong shape: expected [48, 192], found [192, 48]");
  CHECK(damaged_gpt2([](auto& file) {
          file["transformer.ln_f.weight"].shape = {48, 1};
        }) == "tensor \"transformer.ln_f.weight\": wrong shape: expected [48], found [48, 1]");
}

TEST_CASE("rejects a checkpoint with integers for weights") {
  CHECK(damaged_gpt2([](auto& file) { file["transformer.wpe.weight"].dtype = tensor_dtype::i32; }) ==
        "tensor \"transformer.wpe.weight\": wrong element type: expected F32, F16, BF16 or F64, found I32");
}

TEST_CASE("requires a tied head that is stored in addition to equal the table") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  editable_checkpoint file(golden("loader/gpt2_dup_head"));
  REQUIRE(canonical_values<gpt2_of_case>(golden("loader/gpt2_dup_head")) ==
          canonical_values<gpt2_of_case>(golden("models/gpt2")));
  file["lm_head.weight"].bytes[4000] = static_cast<char>(file["lm_head.weight"].bytes[4000] ^ 1);
  file.write(path);
  CHECK(error_of<gpt2_of_case>(golden("models/gpt2"), path) ==
        path +
            ": tensor \"lm_head.weight\": differs from the table that it is tied to: expected the values of "
            "transformer.wte.weight, found others");
  auto& head = file["lm_head.weight"];
  head.shape = {48, 96};
  file.write(path);
  CHECK(error_of<gpt2_of_case>(golden("models/gpt2"), path) ==
        path + ": tensor \"lm_head.weight\": wrong shape: expected [96, 48], found [48, 96]");
}

TEST_CASE("reads a table that a file has only under the name of its tied head") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  editable_checkpoint file(golden("loader/gpt2_dup_head"));
  file.erase("transformer.wte.weight");
  file.write(path);
  CHECK(canonical_values<gpt2_of_case>(path) == canonical_values<gpt2_of_case>(golden("models/gpt2")));
  for (auto& entry : file.entries)
    if (entry.name.starts_with("transformer.")) entry.name.erase(0, std::string_view("transformer.").size());
  file.write(path);
  CHECK(canonical_values<gpt2_of_case>(path) == canonical_values<gpt2_of_case>(golden("models/gpt2")));
  file.erase("lm_head.weight");
  file.write(path);
  CHECK(error_of<gpt2_of_case>(golden("models/gpt2"), path) ==
        path + ": tensor \"transformer.wte.weight\": is missing: expected [96, 48], found no such tensor");
}

TEST_CASE("accepts a Llama's names without their prefix, and ignores the frequencies of its rotation") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  editable_checkpoint file(golden("models/llama"));
  for (auto& entry : file.entries)
    if (entry.name.starts_with("model.")) entry.name.erase(0, std::string_view("model.").size());
  for (const char* name : {"layers.0.self_attn.rotary_emb.inv_freq", "rotary_emb.inv_freq"})
    file.entries.push_back({name, tensor_dtype::f32, {6}, std::string(24, '\0')});
  file.write(path);
  CHECK(canonical_values<llama_of_case>(path) == canonical_values<llama_of_case>(golden("models/llama")));
}

TEST_CASE("requires the head of a model that is not tied") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  editable_checkpoint file(golden("models/llama"));
  file.erase("lm_head.weight");
  file.write(path);
  CHECK(error_of<llama_of_case>(golden("models/llama"), path) ==
        path + ": tensor \"lm_head.weight\": is missing: expected [96, 48], found no such tensor");
}

TEST_CASE("rejects a checkpoint truncated anywhere") {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors", whole = bytes_of_file(golden("models/gpt2/model.safetensors"));
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data(), 8);
  const auto truncated = [&](std::size_t size) {
    write_file(path, std::string_view(whole).substr(0, size));
    const std::string message = error_of<gpt2_of_case>(golden("models/gpt2"), path);
    REQUIRE(message.starts_with(path + ": "));
    return message.substr(path.size() + 2);
  };
  CHECK(truncated(5) == "header too small: expected at least 8 bytes, found 5");
  CHECK(truncated(100) == "truncated header: expected " + std::to_string(header) + " bytes, found 92");
  const std::size_t data = whole.size() - 8 - std::size_t(header);
  const std::string last = truncated(whole.size() - 1);
  CHECK(last.starts_with("tensor \""));
  CHECK(
      last.ends_with("truncated data: expected " + std::to_string(data) + " bytes, found " + std::to_string(data - 1)));
  CHECK(truncated(8 + std::size_t(header)).find("truncated data: expected ") != std::string::npos);
}

TEST_CASE("rejects a missing shard and a tensor missing from its shard") {
  const scratch_folder folder;
  const auto copy = [&](const char* name) {
    write_file(folder / name, bytes_of_file(golden("loader/gpt2_sharded/") + name));
  };
  copy("model.safetensors.index.json");
  copy("model-00001-of-00002.safetensors");
  const std::string absent = folder / "model-00002-of-00002.safetensors";
  const std::string whole = golden("loader/gpt2_sharded");
  CHECK(error_of<gpt2_of_case>(whole, folder.path().string()).starts_with(absent + ": "));

  editable_checkpoint shard(whole + "/model-00002-of-00002.safetensors");
  const std::string name = shard.entries.back().name;
  shard.entries.pop_back();
  shard.write(absent);
  CHECK(error_of<gpt2_of_case>(whole, folder.path().string()) ==
        absent + ": tensor \"" + name + "\": missing from the shard that the index names");
}

TEST_CASE("rejects a missing file or folder") {
  const scratch_folder folder;
  const std::string absent = folder / "absent.safetensors";
  CHECK(error_of<gpt2_of_case>(golden("models/gpt2"), absent).starts_with(absent + ": "));
  CHECK(error_of<gpt2_of_case>(golden("models/gpt2"), folder.path().string()) ==
        folder.path().string() + ": holds no checkpoint: expected model.safetensors or model.safetensors.index.json");
}

TEST_CASE("reads the same parameters from every form of a checkpoint") {
  const std::vector<float> expected = canonical_values<gpt2_of_case>(golden("models/gpt2"));
  for (const char* const form : {"loader/gpt2_sharded", "loader/gpt2_hub_names",
                                 "loader/gpt2_sharded/model.safetensors.index.json", "models/gpt2/model.safetensors"}) {
    INFO(form);
    CHECK(canonical_values<gpt2_of_case>(golden(form)) == expected);
  }
  const auto packed = load<gpt2_of_case>(golden("models/gpt2"));
  REQUIRE(packed);
  std::vector<float> unpacked(expected.size());
  packed->unpack(unpacked.data());
  CHECK(unpacked == expected);
}

TEST_CASE("rounds every parameter to the nearest half") {
  const std::vector<float> exact = canonical_values<llama_of_case>(golden("models/llama"));
  const auto check_rounded = [&](const char* form, double relative) {
    INFO(form);
    const std::vector<float> rounded = canonical_values<llama_of_case>(golden(form));
    REQUIRE(rounded.size() == exact.size());
    double worst = 0;
    for (std::size_t i = 0; i < exact.size(); ++i)
      worst = std::max(worst,
                       std::abs(double(rounded[i]) - double(exact[i])) / std::max(std::abs(double(exact[i])), 6.2e-5));
    CHECK(worst > 0);
    CHECK(worst <= relative);
  };
  check_rounded("loader/llama_f16", 0x1p-11);
  check_rounded("loader/llama_bf16", 0x1p-8);
}

template <class M> void check_saved(unsigned seed) {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const parameters<M> values = testing::random_parameters<M>(seed);
  REQUIRE(save<M>(path, values));
  const std::vector<float> again = canonical_values<M>(path);
  REQUIRE(again.size() == std::size_t(values.size()));
  CHECK(std::memcmp(again.data(), values.data(), again.size() * sizeof(float)) == 0);
}

TEST_CASE("loads what was saved, bit for bit, under the names of Hugging Face") {
  check_saved<gpt2_of_case>(1);
  check_saved<llama_of_case>(2);
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const auto values = load_parameters<gpt2_of_case>(golden("models/gpt2"));
  REQUIRE(values);
  REQUIRE(save<gpt2_of_case>(path, *values));
  editable_checkpoint saved(path), original(golden("models/gpt2"));
  CHECK(saved.entries.size() == original.entries.size());
  for (const auto& tensor : original.entries) {
    INFO(tensor.name);
    CHECK(saved[tensor.name].shape == tensor.shape);
    CHECK(saved[tensor.name].bytes == tensor.bytes);
  }
}

}  // namespace
}  // namespace typeformer
