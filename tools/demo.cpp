// SPDX-License-Identifier: BSL-1.0

#include <CLI/CLI.hpp>

#include "demo/gpt_jobs.hpp"
#include "pretraining/options.hpp"

int main(int argc, char** argv) {
  demo::pretraining_request request;
  request.folder = demo::results_beside(argv[0]);
  CLI::App app{"Pre-trains a small GPT that is a C++ type, and generates text with it."};
  demo::add_options(app, request, "Learn this UTF-8 text (default: sentences of a small grammar)");
  app.add_option("--prompt", request.prompt, "What the generated text begins with; goes with --text")
      ->type_name("TEXT")
      ->needs("--text");
  app.add_option("--temperature", request.temperature, "Below 1: more probable choices")->capture_default_str();
  app.add_option("--top-p", request.top_p, "Choose among the most probable that make up this probability")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return demo::exit_code(request.text_file.empty() ? demo::pretrain_gpt_on_grammar(request)
                                                   : demo::pretrain_gpt_on_text(request));
}
