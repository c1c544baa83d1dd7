// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/tokenizers/family_pieces.hpp>
#include <typeformer/hosted/tokenizers/family_tokenizer.hpp>
#include <typeformer/hosted/tokenizers/gguf_tokenizer.hpp>
#include <typeformer/hosted/tokenizers/only_gguf_file.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_json.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_settings.hpp>
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

/// `folder` ends with a slash or is empty.
inline result<tokenizer, tokenizer_error> sentencepiece_of_folder(std::string_view model, const std::string& folder,
                                                                  const tokenizer_settings& settings) {
  auto contents = read_sentencepiece_model(model);
  if (!contents) return failure{contents.error()};
  if (settings.family == nullptr) return sentencepiece_tokenizer(std::move(*contents));
  result<std::vector<sentencepiece_piece>, tokenizer_error> pieces = failure{tokenizer_error{}};
  if (settings.family->name == "Marian") {
    const auto ids = tokenizer_file(folder + "vocab.json");
    if (!ids) return failure{ids.error()};
    pieces = pieces_with_ids(contents->pieces, *ids);
  } else {
    pieces = family_pieces(contents->pieces, settings.family->order, settings.extra_tokens);
  }
  if (!pieces) return failure{pieces.error()};
  contents->pieces = std::move(*pieces);
  return sentencepiece_tokenizer(std::move(*contents));
}

inline result<tokenizer, tokenizer_error> word_pieces_of_folder(std::string_view lines, const std::string& folder,
                                                                const tokenizer_settings& settings) {
  const bool has_family = settings.family != nullptr;
  if (has_family && settings.family->name == "Esm") return residue_tokenizer(lines);
  const std::string config = folder + "tokenizer_config.json";
  if (!regular_file::exists(config)) return bert_tokenizer(lines, "{}", !has_family);
  const auto text = tokenizer_file(config);
  if (!text) return failure{text.error()};
  return bert_tokenizer(lines, *text, !has_family);
}

inline result<tokenizer, tokenizer_error> byte_level_of_folder(std::string_view vocabulary, const std::string& folder) {
  const auto merges = tokenizer_file(folder + "merges.txt");
  if (!merges) return failure{merges.error()};
  return byte_level_tokenizer(vocabulary, *merges);
}

}  // namespace detail

/// The tokenizer of a folder as hubs have it, or of one of its files.
///
/// A folder has `tokenizer.json`, or else `tokenizer.model`, `spiece.model`, `sentencepiece.bpe.model` or `spm.model`
/// (SentencePiece), or `source.spm` with `vocab.json` (Marian), or `vocab.json` with `merges.txt` (byte-level BPE as of
/// GPT-2), or `vocab.txt` (BERT, with `do_lower_case` of `tokenizer_config.json`), or else one file `.gguf` with a
/// vocabulary. Beside a vocabulary, `tokenizer_class` of `tokenizer_config.json` or `model_type` of `config.json` names
/// the family (`tokenizer_families`), which decides its special tokens. Errors: none of them is there; those of reading
/// it; a special token of the family is not in the vocabulary.
inline result<tokenizer, tokenizer_error> load_tokenizer(const std::string& path) noexcept {
  const auto in_folder = [&](std::string_view name) { return path + "/" + std::string(name); };
  for (const std::string_view name : {"tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
                                      "spm.model", "source.spm", "vocab.json", "vocab.txt"})
    if (regular_file::exists(in_folder(name))) return load_tokenizer(in_folder(name));
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    if (const std::string only = only_gguf_file(path); !only.empty()) return load_tokenizer(only);
    return failure{tokenizer_error{printable(path) + ": the folder has no tokenizer that can be read"}};
  }
  if (path.ends_with(".gguf")) return detail::tokenizer_of_gguf(path);
  auto bytes = detail::tokenizer_file(path);
  if (!bytes) return failure{bytes.error()};
  const bool is_sentencepiece = path.ends_with(".model") || path.ends_with(".spm");
  if (!is_sentencepiece && !path.ends_with("vocab.txt") && !path.ends_with("vocab.json"))
    return parse_tokenizer_json(*bytes, path);
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const auto settings = tokenizer_settings::read(folder);
  if (!settings) return failure{settings.error()};
  auto made = is_sentencepiece              ? detail::sentencepiece_of_folder(*bytes, folder, *settings)
              : path.ends_with("vocab.txt") ? detail::word_pieces_of_folder(*bytes, folder, *settings)
                                            : detail::byte_level_of_folder(*bytes, folder);
  if (made) made = family_tokenizer(std::move(*made), *settings);
  return detail::named(std::move(made), path);
}

}  // namespace typeformer
