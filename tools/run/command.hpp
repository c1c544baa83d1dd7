// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <typeformer/foundation/result.hpp>

#include "../arguments.hpp"
#include "../compile.hpp"
#include "model_cache.hpp"
#include "text_model.hpp"

namespace running {

/// The options of typeformer-run.
struct run_command {
  static constexpr int wrong_usage = 2;

  std::string folder;
  std::vector<std::string> texts;
  bool serves = false;
  compilation how{.compiler = TYPEFORMER_RUN_COMPILER,
                  .flags = "-O2 -march=native",
                  .cache = usual_cache(),
                  .includes = processes::folders_in(TYPEFORMER_RUN_INCLUDES),
                  .library = TYPEFORMER_RUN_LIBRARY,
                  .tools = TYPEFORMER_RUN_TOOLS,
                  .threads = std::clamp(std::thread::hardware_concurrency(), 1u, 8u)};

  void describe(CLI::App& app) {
    app.add_option("MODEL", folder, "A folder with config.json, weights and a tokenizer, or a .gguf file")->required();
    app.add_option("PROMPT", texts, "A text for the model; - is standard input. An encoder takes several");
    app.add_flag("--serve", serves, "Answer JSON lines of standard input (docs/run.md)");
    app.add_option("--tokens", settings_.tokens, "Tokens that are written, at most")
        ->check(arguments::whole_number(1, 1'000'000'000))
        ->capture_default_str();
    app.add_option("--temperature", temperature_,
                   "Below 1: more probable choices; 0: the most probable one (0.8, for an encoder-decoder 0)")
        ->check(CLI::Range(0.0, 1e6));
    app.add_option("--top-k", settings_.top_k, "Choose among so many of the most probable tokens; 0: among all")
        ->check(arguments::whole_number(0, 1'000'000'000))
        ->capture_default_str();
    app.add_option("--top-p", settings_.top_p, "Choose among the most probable that make up this probability")
        ->check(CLI::Range(1e-6, 1.0))
        ->capture_default_str();
    app.add_option("--seed", settings_.seed, "The same seed gives the same text")
        ->check(arguments::seed())
        ->capture_default_str();
    app.add_option("--stop", settings_.stops, "End the text before this one; may be repeated")->allow_extra_args(false);
    app.add_option("--context", how.context, "Tokens that are held (the model's, at most 4096)")
        ->check(arguments::whole_number(1, 1 << 26));
    app.add_option("--system", system_, "What the system says before the prompt, in a chat");
    app.add_option("--pair", pair_, "A second text for an encoder, such as the passage for a question");
    auto* const chat =
        app.add_flag("--chat", asks_for_chat_, "The prompt is what a user says, in the model's chat template");
    app.add_flag("--raw,--no-chat", is_raw_,
                 "Continue the prompt as it is (otherwise a chat if the model has a template)")
        ->excludes(chat);
    app.add_option("--cache", how.cache, "Folder of compiled models")->capture_default_str();
    app.add_option("--compiler", how.compiler, "Compiler of C++20")->capture_default_str();
    app.add_option("--flags", how.flags, "Its flags")->capture_default_str();
    app.add_option("--threads", how.threads, "Threads that compute")
        ->check(arguments::whole_number(1, 256))
        ->capture_default_str();
    app.add_option("--type", how.type, "Of the weights in memory: f32, bf16, int8 or int4")
        ->check(CLI::IsMember(type_names()))
        ->capture_default_str();
    app.footer("Exit code: 0, or 1 if something failed, 2 if the arguments make no sense.");
    app.callback([this] {
      if (serves != texts.empty()) throw CLI::ValidationError("PROMPT", "expected a text, or --serve and no text");
    });
  }

  void read_standard_input() {
    for (std::string& text : texts)
      if (text == "-") {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
        if (text.ends_with('\n')) text.pop_back();
      }
  }

  /// What the options say of every text. Errors, as a sentence: options that the model or the folder cannot follow.
  typeformer::result<text_request, std::string> request_for(const text_model& model) const {
    const auto wrong = [](const std::string& what) { return typeformer::failure{what}; };
    const bool is_decoder = model.facts().kind == model_kind::decoder;
    if (pair_ && !model.is_encoder()) return wrong("--pair is for encoders");
    if (asks_for_chat_ && !model.has_chat()) return wrong("--chat: " + folder + " has no chat template");
    if (asks_for_chat_ && !is_decoder) return wrong("--chat is for decoders");
    if (texts.size() > 1 && is_decoder) return wrong("expected one prompt, found " + std::to_string(texts.size()));
    text_request made{.text = {}, .pair = pair_, .system = system_, .how = settings_};
    made.is_turn = is_decoder && !is_raw_ && model.has_chat();
    if (!system_.empty() && !made.is_turn) return wrong("--system is for a chat, which this is not");
    made.how.temperature = temperature_.value_or(is_decoder ? made.how.temperature : 0);
    return made;
  }

 private:
  static std::vector<std::string> type_names() {
    std::vector<std::string> names;
    for (const auto& format : compilation::formats) names.push_back(format.first);
    return names;
  }
  static std::string usual_cache() {
    if (const char* const cache = std::getenv("XDG_CACHE_HOME")) return std::string(cache) + "/typeformer";
    if (const char* const home = std::getenv("HOME")) return std::string(home) + "/.cache/typeformer";
    return (std::filesystem::temp_directory_path() / "typeformer").string();
  }

  generation_settings settings_;
  std::optional<double> temperature_;
  std::optional<std::string> pair_;
  std::string system_;
  bool asks_for_chat_ = false, is_raw_ = false;
};

}  // namespace running
