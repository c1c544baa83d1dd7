// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/text/llama2c_tokenizer.hpp>
#include <typeformer/text/regular_file.hpp>

/// A story from stories260K (Karpathy's tinyllamas: a Llama trained on TinyStories), whose type is here.
namespace demo {
namespace tf = typeformer;

inline constexpr tf::llama_config story_config{.layers = 5,
                                               .width = 64,
                                               .heads = 8,
                                               .key_value_heads = 4,
                                               .hidden = 172,
                                               .vocabulary = 512,
                                               .context = 512,
                                               .epsilon = 1e-5,
                                               .tied = true,
                                               .turns_adjacent_pairs = true};
inline constexpr std::uint64_t largest_tokenizer = std::uint64_t{1} << 24;  // bytes
struct story_model : tf::llama<story_config> {};
static_assert(tf::layout_of<story_model>.parameters == 260'032);

struct story_request {
  std::string folder;  ///< weights, config and tokenizer
  std::string prompt;
  tf::index_type max_tokens = 256;
  float temperature = 0.8f;  ///< 0: always the most probable token
  float top_p = 0.9f;
  std::uint64_t seed = 1;
};

struct story_figures {
  tf::index_type tokens = 0;     ///< generated
  double tokens_per_second = 0;  ///< of decoding: without loading, prompt and output
};

namespace detail {

/// The first of the names that exists in the folder, or else the first name.
inline std::string file_in(const std::string& folder, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::filesystem::path path = std::filesystem::path(folder) / name; std::filesystem::exists(path))
      return path.string();
  return (std::filesystem::path(folder) / *names.begin()).string();
}

/// Whether a config, llama2.c's or Hugging Face's, describes the type.
inline tf::result<void, tf::file_error> check_config(const std::string& path) {
  struct field {
    const char *llama2c, *huggingface;
    tf::index_type of_type;
  };
  constexpr field fields[] = {{"n_layers", "num_hidden_layers", story_config.layers},
                              {"dim", "hidden_size", story_config.width},
                              {"n_heads", "num_attention_heads", story_config.heads},
                              {"n_kv_heads", "num_key_value_heads", story_config.key_value_heads},
                              {"hidden_dim", "intermediate_size", story_config.hidden},
                              {"vocab_size", "vocab_size", story_config.vocabulary},
                              {"seq_len", "max_position_embeddings", story_config.context}};
  const auto config = tf::json_config::open(path);
  if (!config) return tf::failure{config.error()};
  for (const field& f : fields) {
    const char* const key = config->has(f.llama2c) ? f.llama2c : f.huggingface;
    const auto found = config->integer(key);
    if (!found) return tf::failure{found.error()};
    if (*found != f.of_type)
      return tf::failure{tf::file_error{path,
                                        {},
                                        std::string(key) + " is not that of the type this program was compiled for",
                                        std::to_string(f.of_type),
                                        std::to_string(*found)}};
  }
  const char* const tied = config->has("shared_classifier") ? "shared_classifier" : "tie_word_embeddings";
  const auto is_tied = config->boolean(tied, story_config.tied);
  if (!is_tied) return tf::failure{is_tied.error()};
  if (*is_tied != story_config.tied)
    return tf::failure{tf::file_error{path,
                                      {},
                                      std::string(tied) + " is not that of the type this program was compiled for",
                                      story_config.tied ? "true" : "false",
                                      *is_tied ? "true" : "false"}};
  return {};
}

/// Continues the prompt with any sampler.
template <class Sampler, class OnText>
tf::result<story_figures, std::string> tell(const tf::weights<story_model>& weights,
                                            const tf::llama2c_tokenizer& tokenizer, const story_request& request,
                                            const Sampler& sampler, OnText&& on_text) {
  using clock = std::chrono::steady_clock;
  const std::vector<std::int32_t> prompt = tokenizer.encode(request.prompt, true);
  if (const auto text = tokenizer.decode(std::span(prompt))) on_text(*text);
  if (request.max_tokens <= 0) return story_figures{};

  tf::session<story_model> session{weights};
  std::vector<tf::candidate> workspace(std::size_t(Sampler::workspace_size(story_model::vocabulary)));
  tf::philox random{request.seed};
  std::int32_t last = prompt.back();
  std::chrono::duration<double> decoding{0};
  clock::time_point resumed{};
  const auto chosen =
      tf::generate(session, prompt, request.max_tokens, sampler, workspace, random, [&](std::int32_t id) {
        if (resumed != clock::time_point{}) decoding += clock::now() - resumed;
        if (id == tokenizer.begin_of_sequence || id == tokenizer.end_of_sequence) return false;
        if (const auto text = tokenizer.decode(last, id)) on_text(*text);
        last = id;
        resumed = clock::now();
        return true;
      });
  if (!chosen) return tf::failure{std::string("the prompt does not fit: ") + chosen.error().message()};
  return story_figures{*chosen, decoding.count() > 0 ? double(*chosen - 1) / decoding.count() : 0};
}

}  // namespace detail

/// Loads model and tokenizer from a folder and streams a story: `on_text` is called with the prompt and then with every
/// token's text. Errors, as texts: files that are missing, damaged or of another model; a prompt that does not fit; bad
/// sampling options.
template <class OnText>
tf::result<story_figures, std::string> tell_story(const story_request& request, OnText&& on_text) {
  const auto config = detail::check_config(detail::file_in(request.folder, {"config.json", "stories260K.config.json"}));
  if (!config) return tf::failure{config.error().message()};
  const auto weights =
      tf::load<story_model>(detail::file_in(request.folder, {"model.safetensors", "stories260K.safetensors"}));
  if (!weights) return tf::failure{weights.error().message()};
  const std::string tokenizer_path = detail::file_in(request.folder, {"tok512.bin", "tokenizer.bin"});
  const auto file = tf::bytes_of_regular_file(tokenizer_path, largest_tokenizer);
  if (!file) return tf::failure{tokenizer_path + ": " + file.error()};
  const auto tokenizer =
      tf::llama2c_tokenizer::parse(std::as_bytes(std::span(*file)), std::int32_t(story_config.vocabulary));
  if (!tokenizer) return tf::failure{tokenizer_path + ": " + tokenizer.error().message()};

  if (request.temperature == 0) return detail::tell(*weights, *tokenizer, request, tf::greedy{}, on_text);
  const auto sampler = tf::sampling_with(tf::temperature::of(request.temperature), tf::top_p::of(request.top_p));
  if (!sampler) return tf::failure{std::string(sampler.error().message())};
  return detail::tell(*weights, *tokenizer, request, *sampler, on_text);
}

}  // namespace demo
