// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <typeformer/text/printable.hpp>

#include "arguments.hpp"
#include "story/story.hpp"

int main(int argc, char** argv) {
  demo::story_request request;
  CLI::App app{"Generates a story with stories260K, a trained Llama that is a C++ type."};
  app.add_option("FOLDER", request.folder, "Weights, config and tokenizer")->required()->check(CLI::ExistingDirectory);
  app.add_option("--prompt", request.prompt, "What the story begins with");
  app.add_option("--steps", request.max_tokens, "Tokens of the story, at most")
      ->check(arguments::steps())
      ->capture_default_str();
  app.add_option("--temperature", request.temperature, "Below 1: more probable choices; 0: the most probable")
      ->capture_default_str();
  app.add_option("--top-p", request.top_p, "Choose among the most probable that make up this probability")
      ->capture_default_str();
  app.add_option("--seed", request.seed, "The same seed gives the same story")
      ->check(arguments::seed())
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const auto told = demo::tell_story(request, [](std::string_view text) { std::cout << text << std::flush; });
  std::cout << std::endl;
  if (!told) {
    std::cerr << typeformer::printable(told.error()) << "\n";
    return 1;
  }
  std::fprintf(stderr, "%td tokens, %.0f tokens/s\n", told->tokens, told->tokens_per_second);
  return 0;
}
