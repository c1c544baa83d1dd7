// SPDX-License-Identifier: BSL-1.0
#include <import/header_text.hpp>
#include <import/read_model.hpp>

#include <string>

#include <support/catch.hpp>

#include "texts.hpp"

namespace {

using importing::import_request, importing::imported_model;

imported_model model_of(const std::string& json, const import_request& request = {.name = "imported"}) {
  const auto model = importing::read_model(json, "config.json", request);
  INFO(json);
  INFO((model ? std::string{} : model.error().message()));
  REQUIRE(model.has_value());
  return *model;
}

}  // namespace

TEST_CASE("writes the requested numbers into the header") {
  const import_request request{.name = "small", .context = 48, .batch = 3};
  const imported_model model = model_of(R"({"model_type": "gpt2"})", request);
  const std::string header = importing::header_text(model, request, "folder");
  for (const char* line : {"struct small : typeformer::gpt2<\n    typeformer::gpt2_config{.layers = 12,",
                           "typeformer::parameter_count<small>", "for 3 sequences of 48 tokens",
                           "typeformer::batch<3>, typeformer::context<48>", "load<small>(\"folder\")"})
    check_text(header, {.holds = line});
}

TEST_CASE("gives a model without a longest text the requested context") {
  const import_request request{.name = "long", .context = 4096};
  CHECK(model_of(R"({"model_type": "t5"})", request).context == 4096);
  CHECK(model_of(R"({"model_type": "gopher"})", request).context == 4096);
  CHECK(model_of(R"({"model_type": "palm", "dim": 64, "depth": 2, "num_tokens": 100})", request).context == 4096);
}

TEST_CASE("gives layers that do not alternate a list of windows") {
  const import_request request{.name = "banded"};
  const std::string json = R"({"model_type": "gpt2", "n_layer": 3,
                               "gpt3_attention": {"layers": ["local", "global", "local"], "window_size": 7}})";
  check_text(importing::header_text(model_of(json, request), request, ""),
             {.holds = "typeformer::sliding_windows<typeformer::listed_windows<7, 0, 7>>"});
}

TEST_CASE("keeps everything in a folder's name in its comment") {
  const import_request request{.name = "quiet"};
  const std::string header =
      importing::header_text(model_of(R"({"model_type": "gpt2"})", request), request, "a\nint b; \\");
  check_text(header, {.holds = R"(load<quiet>("a\nint b; \\"))"});
}
