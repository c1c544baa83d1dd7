// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/regular_file.hpp>

#include "../import/gguf_keys.hpp"
#include "../import/sentence_modules.hpp"

namespace running {
namespace tf = typeformer;

/// What the files of a folder, or a GGUF file, say of a model beside its type: how its texts end, and what its numbers
/// mean.
struct model_folder {
  std::string path;                     ///< of config.json, weights and, usually, the tokenizer; or a GGUF file
  std::string outer;                    ///< of modules.json, or of the GGUF file; usually the same
  std::string architecture;             ///< such as `BertForMaskedLM`
  std::vector<std::int32_t> ends;       ///< tokens that end a text
  std::vector<std::int32_t> begins;     ///< of the text of an encoder-decoder, in this order
  std::vector<std::int32_t> banned;     ///< tokens that are never chosen
  std::vector<std::string> labels;      ///< of classes, by their number; may be empty
  bool has_independent_labels = false;  ///< each class is there or not, whatever the others are
  std::int64_t most_tokens = 0;         ///< of a text for an encoder; 0: as the tokenizer says
  bool lowers_case = false;
  std::string prefix;  ///< of every text
};

namespace detail {

/// The numbers of a key: one, a list, or a list of lists of one.
inline std::vector<std::int32_t> ids_of(const tf::json_config& config, const std::string& key) {
  std::vector<std::int32_t> ids;
  const auto add = [&](const std::string& path) {
    const auto id = config.integer(path);
    if (id && *id >= 0 && *id < 0x7FFF'FFFF) ids.push_back(static_cast<std::int32_t>(*id));
    return bool(id);
  };
  if (!config.has(key) || add(key)) return ids;
  const auto count = config.size(key);
  for (std::size_t i = 0; count && i < *count; ++i) {
    const std::string each = key + "." + std::to_string(i);
    if (add(each)) continue;
    const auto length = config.size(each);
    if (length && *length == 1) add(each + ".0");  // longer sequences of tokens are not banned
  }
  return ids;
}

inline void add_generation(model_folder& folder, const tf::json_config& config) {
  const auto add = [](std::vector<std::int32_t>& to, const std::vector<std::int32_t>& ids) {
    for (const std::int32_t id : ids)
      if (std::ranges::find(to, id) == to.end()) to.push_back(id);
  };
  add(folder.ends, ids_of(config, "eos_token_id"));
  for (const char* const key : {"bad_words_ids", "suppress_tokens"}) add(folder.banned, ids_of(config, key));
  if (!folder.begins.empty()) return;
  folder.begins = ids_of(config, "decoder_start_token_id");
  if (!folder.begins.empty()) add(folder.begins, ids_of(config, "forced_bos_token_id"));
}

inline void add_labels(model_folder& folder, const tf::json_config& config) {
  const auto labels = config.texts_of("id2label");
  for (std::size_t i = 0; labels && i < labels->size(); ++i)
    for (const auto& [number, label] : *labels)
      if (number == std::to_string(i)) folder.labels.emplace_back(label);
  const auto problem_type = config.text("problem_type", "");
  folder.has_independent_labels = problem_type && *problem_type == "multi_label_classification";
}

/// sentence-transformers' settings of texts.
inline void add_sentence_settings(model_folder& folder, const tf::json_config& config) {
  if (const auto most = config.integer("max_seq_length"); most && *most > 0) folder.most_tokens = *most;
  if (const auto lowers = config.boolean("do_lower_case"); lowers) folder.lowers_case = *lowers;
  const auto name = config.text("default_prompt_name");
  if (!name) return;
  if (const auto prefix = config.text("prompts." + std::string(*name))) folder.prefix = *prefix;
}

}  // namespace detail

/// `path` is a GGUF file that is a whole model; `outer` is what was asked for, it or its folder. The pooled vectors of its
/// tokens are its answers, whatever it was made for. Errors, as a sentence: those of `gguf_file::open` and
/// `gguf_vocabulary::read`.
inline tf::result<model_folder, std::string> open_gguf_folder(const std::string& path, const std::string& outer) {
  const auto file = tf::gguf_file::open(path, tf::gguf_contents::header);
  if (!file) return tf::failure{file.error().message()};
  const tf::gguf_metadata& metadata = file->metadata();
  model_folder made;
  made.path = path, made.outer = outer;
  for (const char* const key : {importing::generation_config_key, importing::config_key}) {
    const auto text = metadata.text(key);
    if (!text) continue;
    const auto config = tf::json_config::parse(*text, path);
    if (!config) return tf::failure{config.error().message()};
    detail::add_generation(made, *config);
  }
  if (metadata.find("tokenizer.ggml.tokens") != nullptr) {
    const auto vocabulary = tf::gguf_vocabulary::read(metadata);
    if (!vocabulary) return tf::failure{path + ": " + vocabulary.error().message()};
    std::vector<std::int32_t> ends{vocabulary->end};
    if (made.ends.empty()) ends = vocabulary->ends();
    for (const std::int32_t id : ends)
      if (id >= 0 && std::ranges::find(made.ends, id) == made.ends.end()) made.ends.push_back(id);
  }
  const auto architecture = metadata.text("general.architecture");
  if (!architecture || *architecture != "t5" || !made.begins.empty()) return made;
  constexpr std::int32_t padding_of_t5 = 0;
  const auto begin = metadata.integer("t5.decoder_start_token_id");
  made.begins = {begin && *begin >= 0 && *begin < 0x7FFF'FFFF ? static_cast<std::int32_t>(*begin) : padding_of_t5};
  return made;
}

/// Errors, as a sentence: no config.json, or files that are not JSON; those of `read_sentence_modules`.
inline tf::result<model_folder, std::string> open_folder(const std::string& path) {
  namespace files = std::filesystem;
  const auto modules = importing::read_sentence_modules(path);
  if (!modules) return tf::failure{modules.error().message()};
  model_folder made;
  made.outer = path;
  made.path = *modules ? (files::path(path) / (*modules)->transformer).lexically_normal().string() : path;
  if (made.path.ends_with('/') && made.path.size() > 1) made.path.pop_back();
  struct part {
    const char* name;
    void (*add)(model_folder&, const tf::json_config&);
  };
  // What generation_config.json says counts before config.json.
  for (const part& each : {part{"generation_config.json", detail::add_generation},
                           {"config.json", detail::add_generation},
                           {"config.json", detail::add_labels},
                           {"sentence_bert_config.json", detail::add_sentence_settings},
                           {"config_sentence_transformers.json", detail::add_sentence_settings}}) {
    std::string file = made.path + "/" + each.name;
    if (!tf::regular_file::exists(file)) file = made.outer + "/" + each.name;
    if (!tf::regular_file::exists(file)) continue;
    const auto config = tf::json_config::open(file);
    if (!config) return tf::failure{config.error().message()};
    each.add(made, *config);
    if (const auto name = config->text("architectures.0")) made.architecture = *name;
  }
  if (*modules) made.architecture.clear();  // the stack alone, whatever the file was made for
  return made;
}

}  // namespace running
