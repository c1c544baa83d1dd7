// SPDX-License-Identifier: BSL-1.0
// typeformer-run: a folder with a model or a GGUF file, and a text, to what the model makes of it.
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include <typeformer/text/printable.hpp>

#include "run/command.hpp"
#include "run/opened_text_model.hpp"
#include "run/serve.hpp"

namespace {

int stop(const std::string& sentence) {
  std::cout << std::flush;
  std::fprintf(stderr, "typeformer-run: %s\n", typeformer::printable(sentence).c_str());
  return 1;
}

int answer(running::text_model& model, running::text_request request, const std::string& text) {
  request.text = text;
  if (model.is_encoder()) {
    const auto read = model.read(request);
    if (!read) return stop(read.error());
    std::cout << running::lines_of(*read) << std::flush;
    return 0;
  }
  const auto written = model.write(request, [](const std::string& piece) { std::cout << piece << std::flush; });
  if (!written) return stop(written.error());
  std::cout << std::endl;
  return 0;
}

int run(const running::run_command& command) {
  auto model = running::open_text_model(command);
  if (!model) return stop(model.error());
  const auto request = command.request_for(*model);
  if (!request) return stop(request.error());
  if (command.serves) {
    running::json_server{*model, *request, std::cout}.run(std::cin);
    return std::cout ? 0 : stop("the output cannot be written");
  }
  for (const std::string& text : command.texts)
    if (const int code = answer(*model, *request, text); code != 0) return code;
  return std::cout ? 0 : stop("the output cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    running::run_command command;
    CLI::App app{
        "Runs a model of a folder as hubs have it, or of a GGUF file: a decoder or an encoder-decoder writes text, an "
        "encoder gives vectors or classes."};
    command.describe(app);
    try {
      app.parse(argc, argv);
      command.read_standard_input();
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : running::run_command::wrong_usage;
    }
    return run(command);
  } catch (const std::exception& cause) {
    return stop(cause.what());
  }
}
