// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/tokenizers/gguf_tokenizer.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_json.hpp>
#include <typeformer/hosted/tokenizers/vocabulary_files.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/sentencepiece_file.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

namespace detail {

/// The bytes of a tokenizer's file, or an error that names it.
inline result<std::string, tokenizer_error> tokenizer_file(const std::string& path) {
  auto bytes = bytes_of_regular_file(path, largest_tokenizer_json);
  if (!bytes) return failure{tokenizer_error{printable(path) + ": " + bytes.error()}};
  return std::move(*bytes);
}

inline result<tokenizer, tokenizer_error> named(result<tokenizer, tokenizer_error> made, const std::string& path) {
  if (!made) return failure{tokenizer_error{printable(path) + ": " + made.error().message()}};
  return made;
}

inline result<tokenizer, tokenizer_error> tokenizer_of_gguf(const std::string& path) {
  const auto file = gguf_file::open(path, gguf_contents::header);
  if (!file) return failure{tokenizer_error{file.error().message()}};
  return named(gguf_tokenizer(file->metadata()), path);
}

/// The only GGUF file of a folder, or an empty text.
inline std::string only_gguf_file(const std::string& folder) {
  std::error_code stopped;
  std::string found;
  for (std::filesystem::directory_iterator at{folder, stopped}, end; !stopped && at != end; at.increment(stopped)) {
    if (at->path().extension() != ".gguf") continue;
    if (!found.empty()) return {};
    found = at->path().string();
  }
  return stopped ? std::string{} : found;
}

inline bool ends_with_any(std::string_view path, std::string_view first, std::string_view second) {
  return path.ends_with(first) || path.ends_with(second);
}

}  // namespace detail

/// The tokenizer of a folder as hubs have it, or of one of its files.
///
/// A folder has `tokenizer.json`, or else `tokenizer.model`, `spiece.model` or `sentencepiece.bpe.model`
/// (SentencePiece), or `vocab.json` with `merges.txt` (byte-level BPE as of GPT-2), or `vocab.txt` (BERT, with
/// `do_lower_case` of `tokenizer_config.json`), or else one file `.gguf` with a vocabulary. Errors: none of them is
/// there; those of reading it.
inline result<tokenizer, tokenizer_error> load_tokenizer(const std::string& path) noexcept {
  const auto in_folder = [&](std::string_view name) { return path + "/" + std::string(name); };
  for (const std::string_view name :
       {"tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt"})
    if (regular_file::exists(in_folder(name))) return load_tokenizer(in_folder(name));
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    if (const std::string only = detail::only_gguf_file(path); !only.empty()) return load_tokenizer(only);
    return failure{tokenizer_error{printable(path) + ": the folder has no tokenizer that can be read"}};
  }
  if (path.ends_with(".gguf")) return detail::tokenizer_of_gguf(path);
  auto bytes = detail::tokenizer_file(path);
  if (!bytes) return failure{bytes.error()};
  if (detail::ends_with_any(path, ".model", ".spm")) return detail::named(parse_sentencepiece_model(*bytes), path);
  if (path.ends_with("vocab.txt")) {
    const std::string config =
        path.substr(0, path.size() - std::string_view("vocab.txt").size()) + "tokenizer_config.json";
    std::string settings = "{}";
    if (regular_file::exists(config)) {
      auto read = detail::tokenizer_file(config);
      if (!read) return failure{read.error()};
      settings = std::move(*read);
    }
    return detail::named(bert_tokenizer(*bytes, settings), path);
  }
  if (path.ends_with("vocab.json")) {
    auto merges =
        detail::tokenizer_file(path.substr(0, path.size() - std::string_view("vocab.json").size()) + "merges.txt");
    if (!merges) return failure{merges.error()};
    return detail::named(byte_level_tokenizer(*bytes, *merges), path);
  }
  return parse_tokenizer_json(*bytes, path);
}

}  // namespace typeformer
