// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/formats/huggingface_config.hpp>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/shared_data.hpp>

using namespace typeformer;
using namespace typeformer::testing;

namespace {

constexpr std::string_view example = R"({
  "n_embd": 48, "layer_norm_epsilon": 1e-05, "tie": true, "model_type": "gpt2\u00e9", "n_inner": null, "whole": 10000.0,
  "big": 18446744073709551615, "small": -9223372036854775808, "twice": 1, "twice": 2, "dotted.key": 3, "empty": {},
  "gpt3_attention": {"layers": ["global", "local", ["deep", {"x": -7}]], "window_size": 8}
})";

json_config parsed(std::string_view json) {
  auto config = json_config::parse(json, "config.json");
  INFO((config ? "" : config.error().message()));
  REQUIRE(config);
  return std::move(*config);
}

}  // namespace

TEST_CASE("reads a configuration by key and path", "[formats][config]") {
  const json_config config = parsed(example);
  CHECK(*config.integer("n_embd") == 48);
  CHECK(*config.number("n_embd") == 48.0);
  CHECK(*config.number("layer_norm_epsilon") == 1e-05);
  CHECK(*config.number("whole") == 10000.0);
  CHECK(*config.number("big") == 18446744073709551615.0);
  CHECK(*config.integer("small") == INT64_MIN);
  CHECK(*config.boolean("tie"));
  CHECK(*config.text("model_type") == "gpt2\xc3\xa9");
  CHECK(*config.integer("twice") == 2);
  CHECK(*config.integer("dotted.key") == 3);
  CHECK(*config.integer("gpt3_attention.window_size") == 8);
  CHECK(*config.text("gpt3_attention.layers.1") == "local");
  CHECK(*config.integer("gpt3_attention.layers.2.1.x") == -7);
  CHECK(*config.size("gpt3_attention.layers") == 3);
  CHECK(*config.size("empty") == 0);
}

TEST_CASE("uses the default for null and absence, but not for a wrong type", "[formats][config]") {
  const json_config config = parsed(example);
  CHECK(*config.integer("n_inner", 192) == 192);
  CHECK(*config.integer("n_embd", 1) == 48);
  CHECK(*config.number("missing", 0.5) == 0.5);
  CHECK_FALSE(*config.boolean("missing", false));
  CHECK(*config.text("gpt3_attention.missing", "none") == "none");
  CHECK_FALSE(config.has("n_inner"));
  CHECK(config.has("gpt3_attention.layers.2"));
  CHECK_FALSE(config.has("gpt3_attention.layers.3"));
  CHECK_FALSE(config.has("gpt3_attention.layers.x"));
  CHECK_FALSE(config.has("gpt3_attention.layers.99999999999999999999"));
  CHECK_FALSE(config.has("n_embd.x"));
  CHECK_FALSE(config.has(""));
  CHECK_FALSE(config.integer("tie", 1));
}

TEST_CASE("names file, key, expected and found in errors of a configuration", "[formats][config]") {
  const json_config config = parsed(example);
  CHECK(config.integer("n_layer").error().message() == "config.json: key \"n_layer\" is missing: expected an integer");
  CHECK(config.integer("n_inner").error().message() == "config.json: key \"n_inner\" is missing: expected an integer");
  CHECK(config.integer("whole").error().message() ==
        "config.json: key \"whole\" has the wrong type: expected an integer, found a number");
  CHECK(config.integer("big").error().found == "a number");
  CHECK(config.boolean("n_embd").error().found == "an integer");
  CHECK(config.number("tie").error().found == "a boolean");
  CHECK(config.text("gpt3_attention").error().found == "an object");
  CHECK(config.size("model_type").error().found == "a text");
  CHECK(config.texts_of("gpt3_attention").error().message() ==
        "config.json: key \"gpt3_attention.window_size\" has the wrong type: expected a text, found an integer");
}

TEST_CASE("rejects a file that is not a configuration", "[formats][config]") {
  const scratch_folder folder;
  const std::string path = folder / "config.json";
  const auto problem_with = [&](std::string_view bytes) {
    write_file(path, bytes);
    const auto config = json_config::open(path);
    return config ? "opened" : config.error().message();
  };
  CHECK(problem_with(example) == "opened");
  CHECK(problem_with("") == path + ": invalid JSON: The document is empty. (byte 0)");
  CHECK(problem_with("[1]") == path + ": invalid JSON: expected an object, found an array");
  CHECK(problem_with("{\"a\": }") == path + ": invalid JSON: Invalid value. (byte 6)");
  CHECK(problem_with("{\"a\": NaN}") == path + ": invalid JSON: Invalid value. (byte 6)");
  CHECK(problem_with("{\"a\": \"\xff\"}").find("invalid JSON") != std::string::npos);
  for (const char* const beginning_of_a_character : {"\xc3", "\xe2", "\xe2\x82", "\xf0", "\xf0\x9f", "\xf0\x9f\x98"})
    CHECK(problem_with(std::string("{\"a text that ends\": \"") + beginning_of_a_character).find("invalid JSON") !=
          std::string::npos);
  CHECK(json_config::open(folder / "missing.json").error().problem == "cannot be opened: No such file or directory");
}

TEST_CASE("reads configurations written by Hugging Face", "[formats][config]") {
  TYPEFORMER_NEEDS_SHARED(fixtures, "fixtures");
  const auto llama = json_config::open((fixtures / "loader/llama_f16/config.json").string());
  REQUIRE(llama);
  CHECK(*llama->integer("num_key_value_heads") == 2);
  CHECK(*llama->number("rms_norm_eps") == 1e-06);
  CHECK(*llama->text("architectures.0") == "LlamaForCausalLM");
  CHECK_FALSE(*llama->boolean("tie_word_embeddings"));
  const auto gpt2 = json_config::open((fixtures / "loader/gpt2_sharded/config.json").string());
  REQUIRE(gpt2);
  CHECK(*gpt2->integer("n_inner", 4 * *gpt2->integer("n_embd")) == 192);
}
