// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "demo/pretraining.hpp"
#include "demo/story.hpp"

namespace {

int tell(const demo::story_request& request) {
  const auto told = demo::tell_story(request, [](std::string_view text) { std::cout << text << std::flush; });
  std::cout << std::endl;
  if (!told) {
    std::cerr << typeformer::printable(told.error()) << "\n";
    return 1;
  }
  std::fprintf(stderr, "%td tokens, %.0f tokens/s\n", told->tokens, told->tokens_per_second);
  return 0;
}

int reject(const std::string& sentence) {
  std::cerr << typeformer::printable(sentence) << "\n";
  return 1;
}

int train(const std::string& family, const demo::pretraining_request& request) {
  const bool is_bert = family == "bert", has_text = !request.text_file.empty();
  const auto trained = is_bert
                           ? has_text ? demo::pretrain_bert_on_text(request) : demo::pretrain_bert_on_language(request)
                       : has_text ? demo::pretrain_gpt_on_text(request)
                                  : demo::pretrain_gpt_on_grammar(request);
  if (!trained) {
    std::cerr << typeformer::printable(trained.error()) << "\n";
    return 1;
  }
  return *trained ? 0 : arguments::interrupted;
}

}  // namespace

int main(int argc, char** argv) {
  demo::story_request story;
  demo::pretraining_request training;
  training.folder = (std::filesystem::path(argv[0]).parent_path() / "demo-results").string();

  std::string family = "gpt";
  CLI::App app{
      "Pre-trains a small GPT that is a C++ type, and lets it write; or a small BERT, and lets it guess; or tells "
      "a story with trained weights."};
  auto* const of_family = app.add_option("family", family, "What to pre-train: gpt or bert")
                              ->check(CLI::IsMember({"gpt", "bert"}))
                              ->capture_default_str();
  auto* const weights =
      app.add_option("--weights", story.folder, "Tell a story with stories260K from this folder instead of training")
          ->check(CLI::ExistingDirectory);
  app.add_option(
         "--text", training.text_file,
         "Learn this UTF-8 text (default: a generated one); for bert with one sentence a line, empty lines between "
         "documents")
      ->excludes(weights);
  app.add_option("--out", training.folder, "Folder for weights, metrics and loss curve")
      ->capture_default_str()
      ->excludes(weights);
  auto* const steps =
      app.add_option("--steps", "Training steps, or tokens of the story")->type_name("INT")->check(arguments::steps());
  auto* const prompt = app.add_option("--prompt", "What the text or the story begins with")->type_name("TEXT");
  auto* const temperature =
      app.add_option("--temperature", "Below 1: more probable choices; a story also takes 0, the most probable (0.8)")
          ->type_name("FLOAT");
  auto* const top_p =
      app.add_option("--top-p", "Choose among the most probable that make up this probability (1; story: 0.9)")
          ->type_name("FLOAT");
  auto* const seed =
      app.add_option("--seed", "The same seed gives the same run (1)")->type_name("UINT")->check(arguments::seed());
  app.add_flag("--resume", training.resume, "Go on from the checkpoint in --out, with the arguments of that run")
      ->excludes(weights);
  app.add_flag("--quick", training.quick, "A few steps only, to see that everything works")->excludes(weights);
  app.footer("Ctrl-C and SIGTERM end training after the step; what was learned is kept, and the exit code is 130.");
  CLI11_PARSE(app, argc, argv);

  const bool is_story = bool(*weights), is_gpt = !is_story && family == "gpt";
  if (is_story && *of_family) return reject("--weights tells a story: it takes no " + family);
  if (*prompt && !is_story && (!is_gpt || training.text_file.empty()))
    return reject("--prompt goes with --weights or, for gpt, with --text");
  if (!is_story && !is_gpt && (*temperature || *top_p))
    return reject("--temperature and --top-p choose what a gpt writes");

  try {
    if (*steps) story.most_tokens = training.steps = steps->as<std::ptrdiff_t>();
    if (*prompt) training.prompt = story.prompt = prompt->as<std::string>();
    if (*temperature) story.temperature = training.temperature = temperature->as<float>();
    if (*top_p) story.top_p = training.top_p = top_p->as<float>();
    if (*seed) story.seed = training.seed = seed->as<std::uint64_t>();
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong);
  }
  return *weights ? tell(story) : train(family, training);
}
