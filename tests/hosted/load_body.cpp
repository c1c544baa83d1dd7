// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstring>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/models/bert.hpp>

// A pre-trained file gives a new model its body and does not change its heads. Errors name what does not fit.
namespace typeformer {
namespace {

using testing::random_parameters, testing::scratch_folder;

inline constexpr bert_config config{.layers = 2, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8};
constexpr bert_config with_layers(bert_config c, index_type layers) { return c.layers = layers, c; }
constexpr bert_config with_width(bert_config c, index_type width) { return c.width = width, c; }

struct pretrained : bert<config> {};
struct deeper : bert<with_layers(config, 3)> {};
struct wider : bert<with_width(config, 12)> {};
struct sequence_model : bert_body<config, gelu_erf, first_token_pooler<>, classifier<3>> {};
struct token_model : bert_body<config, gelu_erf, classifier<4>> {};
struct not_in_rules : bert_body<config, gelu_erf, named<"adapter", linear<8>>, classifier<4>> {};

template <Model M> std::vector<float> all(const parameters<M>& values) {
  return {values.data(), values.data() + values.size()};
}
template <Model M> std::vector<float> values_of(const parameters<M>& values, std::string_view name) {
  std::vector<float> found;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    if (t.name().view() == name) found.assign(values.of(t), values.of(t) + t.size());
  });
  REQUIRE_FALSE(found.empty());
  return found;
}
template <Model M> std::string saved(const scratch_folder& folder, const parameters<M>& values) {
  const std::string path = folder / "model.safetensors";
  REQUIRE(save(path, values));
  return path;
}
/// The error of loading a body. The model must not have changed.
template <Model M> std::string error_of(const std::string& path) {
  auto values = random_parameters<M>(5);
  const auto before = all(values);
  const auto loaded = load_body(path, values);
  REQUIRE_FALSE(loaded);
  CHECK(all(values) == before);
  return loaded.error().message();
}
bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// The same file without the prefix, as a body alone is stored, and without what `drops` names.
template <class Drops>
std::string rewritten(const scratch_folder& folder, const std::string& path, const Drops& drops) {
  const auto file = checkpoint_file::open(path);
  REQUIRE(file);
  std::vector<std::string> names;
  std::vector<tensor_to_write> tensors;
  names.reserve(file->tensors().size());
  for (const stored_tensor& t : file->tensors()) {
    names.push_back(drops(t.name));
    if (!names.back().empty()) tensors.push_back({names.back(), t.dtype, t.shape, t.bytes});
  }
  const std::string target = folder / "rewritten.safetensors";
  REQUIRE(write_safetensors(target, tensors));
  return target;
}

}  // namespace

TEST_CASE("loads a body and keeps the initial values of the head", "[load_body]") {
  const scratch_folder folder;
  const auto source = random_parameters<pretrained>(1);
  const std::string path = saved(folder, source);
  auto values = random_parameters<sequence_model>(2);
  const auto classifier = values_of(values, "classifier.weight");
  const auto report = load_body(path, values);
  INFO((report ? "" : report.error().message()));
  REQUIRE(report);
  CHECK(report->taken == 39);
  CHECK(report->kept == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(report->left.size() == 7);
  CHECK(std::count(report->left.begin(), report->left.end(), "cls.seq_relationship.weight") == 1);
  CHECK(values_of(values, "classifier.weight") == classifier);
  for (const char* name : {"token_embedding.weight", "blocks.1.attention.key.weight", "pooler.dense.weight"})
    CHECK(values_of(values, name) == values_of(source, name));
}

TEST_CASE("ignores the file's pooler for a model without one", "[load_body]") {
  const scratch_folder folder;
  const std::string path = saved(folder, random_parameters<pretrained>(1));
  auto values = random_parameters<token_model>(2);
  const auto report = load_body(path, values);
  REQUIRE(report);
  CHECK(report->taken == 37);
  CHECK(std::count(report->left.begin(), report->left.end(), "bert.pooler.dense.weight") == 1);
}

TEST_CASE("loads a body that was stored alone, without prefix and heads", "[load_body]") {
  const scratch_folder folder;
  const auto source = random_parameters<pretrained>(1);
  const std::string path = rewritten(folder, saved(folder, source), [](std::string_view name) {
    return name.starts_with("bert.") ? std::string(name.substr(5)) : std::string();
  });
  auto values = random_parameters<sequence_model>(2);
  const auto report = load_body(path, values);
  INFO((report ? "" : report.error().message()));
  REQUIRE(report);
  CHECK(report->left.empty());
  CHECK(values_of(values, "blocks.1.attention.key.weight") == values_of(source, "blocks.1.attention.key.weight"));
}

TEST_CASE("rejects a file with more blocks than the model, or fewer", "[load_body]") {
  const scratch_folder folder;
  const std::string deep = saved(folder, random_parameters<deeper>(1));
  const std::string more = error_of<sequence_model>(deep);
  INFO(more);
  CHECK(contains(more, "bert.encoder.layer.2."));
  CHECK(contains(more, "the model's body has no such tensor"));
  const scratch_folder other;
  const std::string fewer = error_of<deeper>(saved(other, random_parameters<pretrained>(1)));
  INFO(fewer);
  CHECK(contains(fewer, "bert.encoder.layer.2."));
  CHECK(contains(fewer, "is missing"));
}

TEST_CASE("names file and tensor of what is misshaped, missing or unknown", "[load_body]") {
  const scratch_folder folder;
  const std::string wide = error_of<sequence_model>(saved(folder, random_parameters<wider>(1)));
  INFO(wide);
  CHECK(contains(wide, "bert.embeddings.word_embeddings.weight"));
  CHECK(contains(wide, "wrong shape: expected [11, 8], found [11, 12]"));

  const std::string good = saved(folder, random_parameters<pretrained>(1));
  CHECK(contains(error_of<not_in_rules>(good), "\"adapter.weight\": is missing"));
  const std::string strange = rewritten(folder, good, [](std::string_view name) {
    return std::string(name == "cls.predictions.bias" ? std::string_view("bert.encoder.gate") : name);
  });
  CHECK(contains(error_of<sequence_model>(strange), "\"bert.encoder.gate\": the model's body has no such tensor"));
  CHECK(contains(error_of<sequence_model>(folder / "none.safetensors"), "none.safetensors"));
}

TEST_CASE("accepts a file without the tensors that the caller names", "[load_body]") {
  const scratch_folder folder;
  const std::string path = saved(folder, random_parameters<pretrained>(1));
  auto values = random_parameters<not_in_rules>(2);
  const auto report = load_body(path, values, named_like<"adapter.*", "classifier.*", "masked_lm.*">{});
  INFO((report ? "" : report.error().message()));
  REQUIRE(report);
  CHECK(report->kept.size() == 4);
}

}  // namespace typeformer
