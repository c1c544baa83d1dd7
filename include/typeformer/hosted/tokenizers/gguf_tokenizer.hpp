// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/tokenizers/gguf_tokenizer_parts.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_json.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

/// The tokenizer of a GGUF file's vocabulary, as llama.cpp reads it (llama-vocab.cpp): `tokenizer.ggml.model` is `llama`
/// (SentencePiece's BPE), `gpt2` (byte-level BPE, with a splitter of `gguf_splitters`), `bert` (WordPiece) or `t5`
/// (SentencePiece's unigram).
///
/// Special tokens are found in texts. Letters are lowered with `bert` unless the file says otherwise or its tokens have
/// capitals. Errors: a model or splitter that is not supported; those of the model's parts.
inline result<tokenizer, tokenizer_error> gguf_tokenizer(const gguf_vocabulary& from) noexcept {
  auto parts = [&]() -> detail::parts_or_error {
    if (from.model == "llama") return detail::sentencepiece_parts(from, sentencepiece_algorithm::bpe);
    if (from.model == "t5") return detail::sentencepiece_parts(from, sentencepiece_algorithm::unigram);
    if (from.model == "gpt2") return detail::byte_level_parts(from);
    if (from.model == "bert") return detail::wordpiece_parts(from);
    return failure{
        tokenizer_error{"key \"tokenizer.ggml.model\": the model " + quoted_name(from.model) + " is not supported"}};
  }();
  if (!parts) return failure{parts.error()};
  return tokenizer{std::move(*parts)};
}

/// The same from a file's metadata. A whole `tokenizer.json` under `tokenizer.huggingface.json` goes before the
/// vocabulary. Errors: those of `gguf_vocabulary::read` and of the function above.
inline result<tokenizer, tokenizer_error> gguf_tokenizer(const gguf_metadata& metadata) noexcept {
  if (const gguf_value* const whole = metadata.find("tokenizer.huggingface.json"); whole != nullptr && whole->text())
    return parse_tokenizer_json(*whole->text(), "tokenizer.huggingface.json");
  const gguf_value* const kind = metadata.find("tokenizer.ggml.model");
  if (kind == nullptr)
    return failure{tokenizer_error{"the file has no tokenizer: key \"tokenizer.ggml.model\" is missing"}};
  const auto from = gguf_vocabulary::read(metadata);
  if (!from) return failure{from.error()};
  return gguf_tokenizer(*from);
}

}  // namespace typeformer
