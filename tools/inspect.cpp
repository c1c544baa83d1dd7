// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "inspect/difference.hpp"
#include "inspect/listing.hpp"

namespace {

constexpr int differs = 1, failed = 2;

int stop(const typeformer::file_error& error) {
  std::fprintf(stderr, "typeformer-inspect: %s\n", error.message().c_str());
  return failed;
}

int run(const std::string& path, const std::vector<std::string>& two) {
  using model_files::gguf_contents;
  if (two.empty()) {
    const auto model = model_files::open_model(path, gguf_contents::header);
    if (!model) return stop(model.error());
    inspect::print_listing(*model);
    return 0;
  }
  const auto a = model_files::open_model(two[0], gguf_contents::everything);
  if (!a) return stop(a.error());
  const auto b = model_files::open_model(two[1], gguf_contents::everything);
  if (!b) return stop(b.error());
  const auto difference = inspect::print_difference(*a, *b);
  if (!difference) return stop(difference.error());
  return *difference ? differs : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  std::vector<std::string> two;
  CLI::App app{
      "Lists the tensors of a safetensors, GGUF or llama2.c file, or of a folder with one: names, types, shapes, "
      "metadata, "
      "and the families whose names they are. With --diff: what differs between two of them, by Hugging Face's names."};
  CLI::Option* const file =
      app.add_option("path", path, "A .safetensors, .index.json, .gguf or .bin file, or a folder");
  app.add_option("--diff", two, "Two files or folders to compare")->expected(2)->excludes(file);
  app.footer("Exit code: 0; 1 if two files differ; 2 if a file cannot be read.");
  try {
    app.parse(argc, argv);
    if (path.empty() && two.empty()) throw CLI::RequiredError("path or --diff");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : failed;
  }
  try {
    return run(path, two);
  } catch (const std::exception& cause) {
    return stop({path, {}, cause.what()});
  }
}
