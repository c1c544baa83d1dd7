// SPDX-License-Identifier: BSL-1.0
#include <import/header_text.hpp>
#include <import/read_model.hpp>

#include <string>

#include <support/catch.hpp>

#include "texts.hpp"

// What the hub's configurations leave out, and how many parameters their authors count.
namespace {

using importing::import_request, importing::imported_model;

imported_model model_of(const std::string& json, const import_request& request = {.name = "imported"}) {
  const auto model = importing::read_model(json, "config.json", request);
  INFO(json);
  INFO((model ? std::string{} : model.error().message()));
  REQUIRE(model.has_value());
  return *model;
}
std::int64_t parameters_of(const std::string& json) { return model_of(json).costs.parameters.total(); }

}  // namespace

TEST_CASE("a configuration that leaves everything out is the family's published base") {
  CHECK(parameters_of(R"({"model_type": "openai-gpt"})") == 116'534'784);
  CHECK(parameters_of(R"({"model_type": "gpt2"})") == 124'439'808);
  CHECK(parameters_of(R"({"model_type": "gpt_neo"})") == 1'315'575'808);
  CHECK(parameters_of(R"({"model_type": "llama"})") == 6'738'415'616);
  CHECK(parameters_of(R"({"model_type": "bert"})") == 110'106'428);
  CHECK(parameters_of(R"({"model_type": "bert", "architectures": ["BertForMaskedLM"]})") == 109'514'298);
  CHECK(parameters_of(R"({"model_type": "t5"})") == 60'506'624);
}

TEST_CASE("larger models have as many parameters as their publications say") {
  CHECK(parameters_of(R"({"model_type": "gpt2", "n_embd": 1600, "n_layer": 48, "n_head": 25})") == 1'557'611'200);
  CHECK(parameters_of(R"({"model_type": "gpt_neo", "hidden_size": 768, "num_layers": 12, "num_heads": 12,
                          "attention_types": [[["global", "local"], 6]]})") == 125'198'592);
  CHECK(parameters_of(R"({"model_type": "llama", "hidden_size": 5120, "num_hidden_layers": 40,
                          "num_attention_heads": 40, "intermediate_size": 13824})") == 13'015'864'320);
  CHECK(parameters_of(R"({"model_type": "roberta", "max_position_embeddings": 514, "type_vocab_size": 1})") ==
        124'697'433);
  // PaLM 540B is published without the gains of its norms.
  CHECK(parameters_of(R"({"model_type": "palm", "dim": 18432, "depth": 118, "heads": 48, "dim_head": 256,
                          "num_tokens": 256000})") == 540'354'281'472 + 119 * 18432);
  CHECK(parameters_of(R"({"model_type": "t5", "d_model": 512, "d_ff": 1024, "num_layers": 8, "num_heads": 6,
                          "feed_forward_proj": "gated-gelu", "tie_word_embeddings": false})") == 76'961'152);
}

TEST_CASE("what is asked for reaches the header, whose figures are those of the model") {
  const import_request request{.name = "small", .context = 48, .batch = 3};
  const imported_model model = model_of(R"({"model_type": "gpt2"})", request);
  CHECK(model.state.total() == 2 * 12 * 48 * 768);
  const std::string header = importing::header_text(model, request, "folder");
  for (const char* line : {"struct small : typeformer::decoder_only<", "parameters  124,439,808", "497,759,232 bytes",
                           "static_assert(typeformer::parameter_count<small> == 124'439'808);",
                           "typeformer::batch<3>, typeformer::context<48>", "load<small>(\"folder\")"})
    check_text(header, {.holds = line});
}

TEST_CASE("a model without a longest text has the context that is asked for") {
  const import_request request{.name = "long", .context = 4096};
  CHECK(model_of(R"({"model_type": "t5"})", request).context == 4096);
  CHECK(model_of(R"({"model_type": "gopher"})", request).context == 4096);
  CHECK(model_of(R"({"model_type": "palm", "dim": 64, "depth": 2, "num_tokens": 100})", request).context == 4096);
}

TEST_CASE("layers that do not alternate get a function of windows") {
  const import_request request{.name = "banded"};
  const std::string json = R"({"model_type": "gpt2", "n_layer": 3,
                               "gpt3_attention": {"layers": ["local", "global", "local"], "window_size": 7}})";
  check_text(importing::header_text(model_of(json, request), request, ""),
             {.holds = "banded_window(typeformer::index layer)"});
  check_text(importing::header_text(model_of(json, request), request, ""), {.holds = "{7, 0, 7}"});
}

TEST_CASE("nothing in a folder's name leaves its comment") {
  const import_request request{.name = "quiet"};
  const std::string header =
      importing::header_text(model_of(R"({"model_type": "gpt2"})", request), request, "a\nint b; \\");
  check_text(header, {.holds = "load<quiet>(\"a?int b; ?\")"});
}
