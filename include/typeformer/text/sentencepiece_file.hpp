// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/protobuf_reader.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/sentencepiece_model.hpp>
#include <typeformer/text/tokenizer.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

namespace detail {

struct sentencepiece_rules {
  std::string_view charsmap{};
  bool adds_space = true, removes_extra_spaces = true, escapes_spaces = true, is_there = false;
};

inline bool read_sentencepiece_rules(std::string_view message, sentencepiece_rules& rules) {
  protobuf_reader reader{message};
  rules.is_there = true;
  for (protobuf_field field; reader.next(field);) {
    if (field.number == 2 && field.is_bytes) rules.charsmap = field.bytes;
    if (field.number == 3) rules.adds_space = field.flag();
    if (field.number == 4) rules.removes_extra_spaces = field.flag();
    if (field.number == 5) rules.escapes_spaces = field.flag();
  }
  return reader.is_valid();
}

inline bool read_sentencepiece_trainer(std::string_view message, sentencepiece_options& options) {
  protobuf_reader reader{message};
  bool is_known = true;
  for (protobuf_field field; reader.next(field);) {
    if (field.number == 3) {
      is_known = field.value >= 1 && field.value <= 4;
      if (is_known) options.how = static_cast<sentencepiece_algorithm>(field.value);
    }
    if (field.number == 24) options.space_is_suffix = field.flag();
    if (field.number == 35) options.falls_back_to_bytes = field.flag();
    if (field.number == 44 && field.is_bytes) options.unknown_surface = std::string(field.bytes);
  }
  return reader.is_valid() && is_known;
}

inline bool read_sentencepiece_piece(std::string_view message, sentencepiece_piece& piece) {
  protobuf_reader reader{message};
  bool is_known = true;
  for (protobuf_field field; reader.next(field);) {
    if (field.number == 1 && field.is_bytes) piece.text = std::string(field.bytes);
    if (field.number == 2 && !field.is_bytes) piece.score = field.real();
    if (field.number == 3) {
      is_known = field.value >= 1 && field.value <= 6;
      if (is_known) piece.type = static_cast<sentencepiece_type>(field.value);
    }
  }
  return reader.is_valid() && is_known;
}

inline result<sentencepiece_normalizer, tokenizer_error> normalizer_of(const sentencepiece_rules& rules) {
  sentencepiece_normalizer normalizer;
  if (!rules.charsmap.empty()) {
    auto map = charsmap::parse(rules.charsmap);
    if (!map) return failure{map.error()};
    normalizer.rules = std::move(*map);
  }
  normalizer.adds_space = rules.adds_space;
  normalizer.removes_extra_spaces = rules.removes_extra_spaces;
  normalizer.escapes_spaces = rules.escapes_spaces;
  return normalizer;
}

}  // namespace detail

/// What the bytes of a SentencePiece model say (`spiece.model`, `tokenizer.model`).
struct sentencepiece_contents {
  std::vector<sentencepiece_piece> pieces;  ///< by their ids
  sentencepiece_options options;
  sentencepiece_normalizer normalizer;
};

/// Errors: the bytes are not such a message; an algorithm or a type of piece that is not known; those of
/// `charsmap::parse`. The memory is at most a few times the size of the file.
inline result<sentencepiece_contents, tokenizer_error> read_sentencepiece_model(std::string_view bytes) noexcept {
  const auto rejected = [](const std::string& what) {
    return failure{tokenizer_error{"not a SentencePiece model: " + what}};
  };
  std::vector<sentencepiece_piece> pieces;
  sentencepiece_options options;
  detail::sentencepiece_rules rules, denormalizer;
  detail::protobuf_reader reader{bytes};
  for (detail::protobuf_field field; reader.next(field);) {
    if (field.number == 1 && field.is_bytes) {
      pieces.emplace_back();
      if (!detail::read_sentencepiece_piece(field.bytes, pieces.back()))
        return rejected("piece " + std::to_string(pieces.size() - 1) + " cannot be read");
    } else if (field.number == 2 && !detail::read_sentencepiece_trainer(field.bytes, options)) {
      return rejected("the trainer's settings cannot be read, or have an algorithm that is not known");
    } else if (field.number == 3 && !detail::read_sentencepiece_rules(field.bytes, rules)) {
      return rejected("the normalizer's settings cannot be read");
    } else if (field.number == 5 && !detail::read_sentencepiece_rules(field.bytes, denormalizer)) {
      return rejected("the denormalizer's settings cannot be read");
    }
  }
  if (!reader.is_valid()) return rejected("a field goes beyond its end, or is of a kind that is not known");
  if (pieces.empty()) return rejected("expected pieces, found none");
  options.adds_space = rules.adds_space;
  options.removes_extra_spaces = rules.removes_extra_spaces;
  if (!denormalizer.charsmap.empty()) {
    auto made = detail::normalizer_of(denormalizer);
    if (!made) return failure{made.error()};
    options.denormalizer = std::move(*made);
  }
  auto normalizer = detail::normalizer_of(rules);
  if (!normalizer) return failure{normalizer.error()};
  normalizer->space_is_suffix = options.space_is_suffix;
  return sentencepiece_contents{std::move(pieces), std::move(options), std::move(*normalizer)};
}

/// Its tokenizer, which adds no special tokens. Errors: those of `sentencepiece_pieces::make`.
inline result<tokenizer, tokenizer_error> sentencepiece_tokenizer(sentencepiece_contents contents) noexcept {
  auto made = sentencepiece_pieces::make(contents.pieces, std::move(contents.options));
  if (!made) return failure{made.error()};
  contents.normalizer.user_defined = made->user_defined();
  tokenizer_parts parts{sentencepiece_model{std::move(*made)}};
  parts.normalizers.push_back(std::move(contents.normalizer));
  return tokenizer{std::move(parts)};
}

/// The tokenizer of the bytes of a SentencePiece model. Errors: those of the two above.
inline result<tokenizer, tokenizer_error> parse_sentencepiece_model(std::string_view bytes) noexcept {
  auto contents = read_sentencepiece_model(bytes);
  if (!contents) return failure{contents.error()};
  return sentencepiece_tokenizer(std::move(*contents));
}

}  // namespace typeformer
