// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/best_segmentation.hpp>
#include <typeformer/text/detail/sentencepiece_merger.hpp>
#include <typeformer/text/sentencepiece_normalizer.hpp>
#include <typeformer/text/sentencepiece_pieces.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

/// SentencePiece (Kudo and Richardson 2018, arXiv:1808.06226): a whole normalized text is split by one of four
/// algorithms, and what is unknown becomes bytes if the model has them.
class sentencepiece_model {
 public:
  explicit sentencepiece_model(sentencepiece_pieces pieces) : pieces_{std::move(pieces)} {}

  const token_vocabulary& vocabulary() const { return pieces_.vocabulary(); }
  const sentencepiece_pieces& pieces() const { return pieces_; }

  void encode(std::string_view text, std::vector<word_piece>& to) const {
    std::vector<word_piece> parts;
    switch (pieces_.options().how) {
      case sentencepiece_algorithm::unigram: parts = by_scores(text); break;
      case sentencepiece_algorithm::bpe: parts = detail::sentencepiece_merger{pieces_, text}.merged(); break;
      case sentencepiece_algorithm::word: parts = words(text); break;
      case sentencepiece_algorithm::character: parts = detail::sentencepiece_merger{pieces_, text}.characters(); break;
    }
    bool is_after_unknown = false;
    for (const word_piece& part : parts) {
      const bool is_unknown = part.id == pieces_.unknown_id();
      if (is_unknown && pieces_.has_bytes()) {
        for (std::uint32_t i = part.begin; i < part.end; ++i)
          to.push_back({pieces_.byte_id(static_cast<unsigned char>(text[i])), part.begin,
                        i + 1 == part.end ? part.end : part.begin});
      } else if (is_unknown && is_after_unknown) {
        to.back().end = part.end;
      } else {
        to.push_back(part);
      }
      is_after_unknown = is_unknown;
    }
  }

  /// The text of pieces: spaces for U+2581, nothing for control pieces, ` ⁇ ` for unknown ones, U+FFFD for bytes that
  /// are not UTF-8.
  std::string decode(std::span<const std::int32_t> ids, bool) const {
    const auto& options = pieces_.options();
    std::string text, bytes;
    bool is_at_begin = true, dropped_space = false;
    const auto finish_bytes = [&] {
      for (std::size_t at = 0; at < bytes.size();) {
        const utf8_step step = utf8_at(bytes, at);
        text += step.size == 0 ? std::string_view{"\xEF\xBF\xBD"} : std::string_view{bytes}.substr(at, step.size);
        at += (std::max)(step.size, std::size_t{1});
      }
      bytes.clear();
    };
    for (const std::int32_t id : ids) {
      const auto spelling = pieces_.vocabulary().text(id);
      if (!spelling) continue;
      const sentencepiece_type type = pieces_.type(id);
      if (type == sentencepiece_type::byte) {
        bytes += pieces_.byte_of(id);
        continue;
      }
      finish_bytes();
      if (dropped_space || !text.empty()) is_at_begin = false;
      dropped_space = false;
      if (type == sentencepiece_type::control) continue;
      if (type == sentencepiece_type::unknown) {
        text += options.unknown_surface;
        continue;
      }
      std::string_view piece = *spelling;
      if (is_at_begin && (options.adds_space || options.removes_extra_spaces) &&
          piece.starts_with(sentencepiece_normalizer::space)) {
        piece.remove_prefix(sentencepiece_normalizer::space.size());
        dropped_space = !options.removes_extra_spaces;
      }
      for (std::size_t at = 0; at < piece.size();) {
        const std::size_t space = (std::min)(piece.find(sentencepiece_normalizer::space, at), piece.size());
        text += piece.substr(at, space - at);
        if (space < piece.size()) text += ' ';
        at = space + sentencepiece_normalizer::space.size();
      }
    }
    finish_bytes();
    if (options.denormalizer) {
      aligned_text changed{text, 0, false};
      options.denormalizer->apply(changed);
      text = std::move(changed.text);
    }
    return text;
  }

 private:
  std::vector<word_piece> by_scores(std::string_view text) const {
    const auto score_of = [this](std::int32_t id, std::size_t size) -> double {
      constexpr double below_best = 0.1;  // pieces of users are always taken
      if (pieces_.type(id) == sentencepiece_type::user_defined)
        return static_cast<double>(static_cast<float>(size) * pieces_.best_score()) - below_best;
      return static_cast<double>(pieces_.score(id));
    };
    constexpr float unknown_penalty = 10;
    return best_segmentation<float>(text, pieces_.search(), score_of, pieces_.worst_score() - unknown_penalty,
                                    pieces_.unknown_id());
  }

  std::vector<word_piece> words(std::string_view text) const {
    constexpr std::string_view space = sentencepiece_normalizer::space;
    std::vector<word_piece> parts;
    for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
      if (pieces_.options().space_is_suffix) {
        const std::size_t found = text.find(space, begin);
        end = found == text.npos ? text.size() : found + space.size();
      } else {
        end = (std::min)(text.find(space, begin + (text.substr(begin).starts_with(space) ? space.size() : 0)),
                         text.size());
      }
      parts.push_back({pieces_.id_of(text.substr(begin, end - begin)), static_cast<std::uint32_t>(begin),
                       static_cast<std::uint32_t>(end)});
    }
    return parts;
  }

  sentencepiece_pieces pieces_;
};

}  // namespace typeformer
