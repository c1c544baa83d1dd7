// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <functional>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/albert.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/roberta.hpp>

// Files of encoders as hubs have them: norms under older names, heads that a model does not have.
namespace typeformer {
namespace {

using testing::scratch_folder;

inline constexpr bert_config bert_numbers{
    .layers = 2, .width = 48, .heads = 4, .hidden = 96, .vocabulary = 96, .context = 32};
inline constexpr roberta_config roberta_numbers{
    .layers = 2, .width = 48, .heads = 4, .hidden = 96, .vocabulary = 96, .context = 32};
inline constexpr albert_config albert_numbers{
    .layers = 3, .width = 48, .heads = 4, .embedding_width = 24, .hidden = 96, .vocabulary = 96, .context = 32};
template <class Config> constexpr Config without_pairs(Config c) { return c.classifies_pairs = false, c; }

struct bert_of_case : bert<bert_numbers> {};
struct masked_bert : bert<without_pairs(bert_numbers)> {};
struct roberta_of_case : roberta<roberta_numbers> {};
struct albert_of_case : albert<albert_numbers> {};
struct masked_albert : albert<without_pairs(albert_numbers)> {};
struct gpt2_of_case : gpt2<gpt2_config{.layers = 3, .width = 48, .heads = 4, .vocabulary = 96, .context = 32}> {};

std::string golden(const char* model) { return std::string(TYPEFORMER_SOURCE_DIR) + "/tests/golden/models/" + model; }

struct entry {
  std::string name;
  tensor_dtype dtype;
  std::vector<std::int64_t> shape;
  std::string bytes;
};
std::vector<entry> entries_of(const std::string& path) {
  const auto file = checkpoint_file::open(path);
  REQUIRE(file);
  std::vector<entry> entries;
  for (const stored_tensor& t : file->tensors())
    entries.push_back({std::string(t.name),
                       t.dtype,
                       {t.shape.begin(), t.shape.end()},
                       {reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size()}});
  return entries;
}

template <class M> using loaded = result<parameters<M>, file_error>;

/// What a model loads from the case's file after a change.
template <class M> loaded<M> load_changed(const char* model, const std::function<void(std::vector<entry>&)>& change) {
  const scratch_folder folder;
  std::vector<entry> entries = entries_of(golden(model));
  change(entries);
  std::vector<tensor_to_write> tensors;
  for (const entry& e : entries) tensors.push_back({e.name, e.dtype, e.shape, testing::as_bytes(e.bytes)});
  const std::string path = folder / "model.safetensors";
  REQUIRE(write_safetensors(path, tensors));
  return load_parameters<M>(path);
}
template <class M> std::vector<float> values_of(const loaded<M>& model) {
  INFO((model ? "" : model.error().message()));
  REQUIRE(model);
  return {model->data(), model->data() + model->size()};
}
template <class M> std::string complaint(const loaded<M>& model) {
  REQUIRE_FALSE(model);
  const std::string message = model.error().message();
  return message.substr(message.find(": ") + 2);
}

bool replace_ending(std::string& name, std::string_view ending, std::string_view other) {
  if (!name.ends_with(ending)) return false;
  name.replace(name.size() - ending.size(), ending.size(), other);
  return true;
}
/// As many names as were changed.
index_type make_older(std::vector<entry>& entries) {
  index_type changed = 0;
  for (entry& e : entries)
    changed += replace_ending(e.name, "LayerNorm.weight", "LayerNorm.gamma") ||
               replace_ending(e.name, "LayerNorm.bias", "LayerNorm.beta");
  return changed;
}
entry& find(std::vector<entry>& entries, std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const entry& e) { return e.name == name; });
  REQUIRE(found != entries.end());
  return *found;
}
void add(std::vector<entry>& entries, std::string name, std::vector<std::int64_t> shape) {
  std::int64_t size = 4;
  for (const std::int64_t extent : shape) size *= extent;
  entries.push_back({std::move(name), tensor_dtype::f32, std::move(shape), std::string(std::size_t(size), '\0')});
}

template <class M> void check_older_names(const char* model, index_type norms) {
  const std::vector<float> expected = values_of(load_parameters<M>(golden(model)));
  CHECK(values_of(load_changed<M>(model, [&](auto& entries) { CHECK(make_older(entries) == 2 * norms); })) == expected);
}
TEST_CASE("reads norms under their older names") {
  check_older_names<bert_of_case>("bert", 1 + 2 * 2 + 1);
  check_older_names<roberta_of_case>("roberta", 1 + 2 * 2);  // the head's is called layer_norm
  check_older_names<albert_of_case>("albert", 1 + 1 + 1);    // the block's second one is full_layer_layer_norm
}

TEST_CASE("reads mixed older and current names, also without the prefix") {
  const std::vector<float> expected = values_of(load_parameters<bert_of_case>(golden("bert")));
  CHECK(values_of(load_changed<bert_of_case>("bert", [](auto& entries) {
          find(entries, "bert.embeddings.LayerNorm.bias").name = "bert.embeddings.LayerNorm.beta";
        })) == expected);
  CHECK(values_of(load_changed<bert_of_case>("bert", [](auto& entries) {
          make_older(entries);
          for (entry& e : entries)
            if (e.name.starts_with("bert.")) e.name.erase(0, 5);
        })) == expected);
}

template <class M> void check_bias_of_head(const char* model, const char* today, const char* other) {
  const std::vector<float> expected = values_of(load_parameters<M>(golden(model)));
  CHECK(values_of(load_changed<M>(model, [&](auto& entries) { find(entries, today).name = other; })) == expected);
  CHECK(values_of(load_changed<M>(model, [&](auto& entries) {
          entry twice = find(entries, today);
          twice.name = other;
          entries.push_back(twice);
          make_older(entries);
        })) == expected);
}
TEST_CASE("reads the bias over the vocabulary under a decoder's name") {
  check_bias_of_head<bert_of_case>("bert", "cls.predictions.bias", "cls.predictions.decoder.bias");
  check_bias_of_head<roberta_of_case>("roberta", "lm_head.bias", "lm_head.decoder.bias");
  check_bias_of_head<albert_of_case>("albert", "predictions.bias", "predictions.decoder.bias");
}

TEST_CASE("names a norm that is there twice, missing or misshaped") {
  CHECK(complaint(load_changed<bert_of_case>("bert", [](auto& entries) {
          entry twice = find(entries, "bert.embeddings.LayerNorm.weight");
          twice.name = "bert.embeddings.LayerNorm.gamma";
          entries.push_back(twice);
        })) == "tensor \"bert.embeddings.LayerNorm.gamma\": the model has no such tensor: found [48]");
  CHECK(complaint(load_changed<bert_of_case>("bert", [](auto& entries) {
          find(entries, "bert.embeddings.LayerNorm.weight").name = "bert.embeddings.LayerNorm.scale";
        })) == "tensor \"bert.embeddings.LayerNorm.weight\": is missing: expected [48], found no such tensor");
  CHECK(complaint(load_changed<bert_of_case>("bert", [](auto& entries) {
          make_older(entries);
          find(entries, "bert.encoder.layer.1.output.LayerNorm.beta").shape = {1, 48};
        })) == "tensor \"bert.encoder.layer.1.output.LayerNorm.beta\": wrong shape: expected [48], found [1, 48]");
  CHECK(complaint(load_changed<gpt2_of_case>("gpt2", [](auto& entries) {
          find(entries, "transformer.ln_f.weight").name = "transformer.ln_f.gamma";
        })) == "tensor \"transformer.ln_f.weight\": is missing: expected [48], found no such tensor");
}

/// A model for masked tokens only has the first parameters of a model with both heads.
template <class Masked, class Both> void check_left_over(const char* model) {
  static_assert((layout_of<Masked>.parameters) < (layout_of<Both>.parameters));
  std::vector<float> expected = values_of(load_parameters<Both>(golden(model)));
  expected.resize(std::size_t(layout_of<Masked>.parameters));
  CHECK(values_of(load_parameters<Masked>(golden(model))) == expected);
  CHECK(values_of(load_changed<Masked>(model, [](auto& entries) { make_older(entries); })) == expected);
}
TEST_CASE("ignores the pooler and the head for pairs for a model of masked tokens") {
  check_left_over<masked_bert, bert_of_case>("bert");
  check_left_over<masked_albert, albert_of_case>("albert");
  const std::vector<float> expected = values_of(load_parameters<roberta_of_case>(golden("roberta")));
  CHECK(values_of(load_changed<roberta_of_case>("roberta", [](auto& entries) {
          add(entries, "roberta.pooler.dense.weight", {48, 48});
          add(entries, "roberta.pooler.dense.bias", {48});
        })) == expected);
}

TEST_CASE("requires both heads of a model that has both, and rejects unknown tensors") {
  CHECK(complaint(load_changed<bert_of_case>("bert", [](auto& entries) {
          std::erase_if(entries, [](const entry& e) { return e.name == "cls.seq_relationship.bias"; });
        })) == "tensor \"cls.seq_relationship.bias\": is missing: expected [2], found no such tensor");
  CHECK(complaint(load_changed<albert_of_case>("albert", [](auto& entries) {
          std::erase_if(entries, [](const entry& e) { return e.name == "albert.pooler.weight"; });
        })) == "tensor \"albert.pooler.weight\": is missing: expected [48, 48], found no such tensor");
  CHECK(complaint(load_changed<masked_bert>("bert", [](auto& entries) {
          add(entries, "bert.pooler.norm.bias", {48});
        })) == "tensor \"bert.pooler.norm.bias\": the model has no such tensor: found [48]");
  CHECK(complaint(load_changed<masked_bert>("bert", [](auto& entries) {
          add(entries, "bert.encoder.layer.2.output.LayerNorm.beta", {48});
        })) == "tensor \"bert.encoder.layer.2.output.LayerNorm.beta\": the model has no such tensor: found [48]");
}

template <class M> void check_saved() {
  const scratch_folder folder;
  const std::string path = folder / "model.safetensors";
  const parameters<M> values = testing::random_parameters<M>(8);
  REQUIRE(save<M>(path, values));
  for (const entry& e : entries_of(path)) {
    INFO(e.name);
    CHECK_FALSE(e.name.ends_with("gamma"));
    CHECK_FALSE(e.name.ends_with("beta"));
  }
  CHECK(values_of(load_parameters<M>(path)) == std::vector<float>(values.data(), values.data() + values.size()));
}
TEST_CASE("saves under the current names and loads again, bit for bit") {
  check_saved<bert_of_case>();
  check_saved<masked_bert>();
  check_saved<roberta_of_case>();
  check_saved<albert_of_case>();
}

}  // namespace
}  // namespace typeformer
