// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/hosted/grammars/token_bytes.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

namespace detail {

/// A step of decoding for one token that is not the first. Returns a complaint about a step whose result depends on
/// other tokens.
struct one_token_decoder {
  std::string& text;
  bool is_fused = false;

  std::string_view operator()(decoders::byte_level) {
    if (const auto bytes = byte_alphabet::bytes_of(text)) text = *bytes;
    return {};
  }
  std::string_view operator()(decoders::byte_fallback) {
    if (const auto byte = decoders::byte_of_fallback(text)) text = std::string(1, *byte);
    return {};
  }
  std::string_view operator()(decoders::fuse) { return is_fused = true, std::string_view{}; }
  std::string_view operator()(const decoders::metaspace& how) {
    if (is_fused) return "metaspace after fuse";
    text = decoders::replaced(text, how.replacement, " ");
    return {};
  }
  std::string_view operator()(const decoders::replace& how) {
    if (is_fused) return "replace after fuse";
    decoders::token_texts texts{text};
    decoders::apply(how, texts);
    text = texts[0];
    return {};
  }
  std::string_view operator()(const decoders::strip& how) {
    if (is_fused) return how.at_end == 0 ? std::string_view{} : "strip at the end";  // the begin is the first token
    decoders::token_texts texts{text};
    decoders::apply(how, texts);
    text = texts[0];
    return {};
  }
  std::string_view operator()(const decoders::bpe&) { return "BPE with a suffix"; }
  std::string_view operator()(const decoders::wordpiece&) { return "WordPiece"; }
  std::string_view operator()(const decoders::ctc&) { return "CTC"; }
};

inline std::string piece_bytes(const sentencepiece_pieces& pieces, std::int32_t id, std::string_view spelling) {
  switch (pieces.type(id)) {
    case sentencepiece_type::byte: return std::string(1, pieces.byte_of(id));
    case sentencepiece_type::normal:
    case sentencepiece_type::user_defined:
    case sentencepiece_type::unused: return decoders::replaced(spelling, sentencepiece_normalizer::space, " ");
    default: return {};
  }
}

}  // namespace detail

/// The bytes of the tokens of a byte-level, byte-fallback or SentencePiece vocabulary. Special tokens have none.
///
/// Error: the tokenizer's decoder, which it names, makes a token's text depend on the tokens beside it.
inline result<token_bytes, grammar_error> bytes_of_tokens(const tokenizer& of) noexcept {
  const auto rejected = [](std::string_view what) {
    return failure{
        grammar_error{detail::joined({"expected a decoder in which each token has bytes of its own, found ", what})}};
  };
  const tokenizer_parts& parts = of.parts();
  const auto* const pieces = std::get_if<sentencepiece_model>(&parts.model);
  if (pieces != nullptr && pieces->pieces().options().denormalizer) return rejected("SentencePiece's denormalizer");
  if (pieces == nullptr && parts.joins_with_spaces) return rejected("tokens that are joined with spaces");
  token_bytes bytes;
  for (std::int32_t id = 0; id < of.vocabulary_size(); ++id) {
    const auto spelling = of.token(id);
    std::string text;
    if (spelling && !of.is_special(id)) {
      if (pieces != nullptr) {
        const bool is_piece = id < pieces->vocabulary().ids_end();
        text = is_piece ? detail::piece_bytes(pieces->pieces(), id, *spelling) : std::string(*spelling);
      } else {
        const added_token* const added = parts.added.find(id);
        text = added != nullptr ? added->normalized : std::string(*spelling);
        detail::one_token_decoder decoder{text};
        for (const decoders::step& step : parts.decoders)
          if (const std::string_view complaint = std::visit(decoder, step); !complaint.empty())
            return rejected(detail::joined({"the decoder ", complaint}));
      }
    }
    bytes.add(text);
  }
  return result<token_bytes, grammar_error>(std::move(bytes));
}

}  // namespace typeformer
