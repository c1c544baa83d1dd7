// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/decoders.hpp>
#include <typeformer/text/merge_table.hpp>
#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/sentencepiece_normalizer.hpp>
#include <typeformer/text/token_vocabulary.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

// The numbers are those of the files.
enum class sentencepiece_type : std::uint8_t { normal = 1, unknown, control, user_defined, unused, byte };
enum class sentencepiece_algorithm : std::uint8_t { unigram = 1, bpe, word, character };

struct sentencepiece_piece {
  std::string text;
  float score = 0;
  sentencepiece_type type = sentencepiece_type::normal;
};

struct sentencepiece_options {
  sentencepiece_algorithm how = sentencepiece_algorithm::unigram;
  bool adds_space = true, removes_extra_spaces = true, space_is_suffix = false, falls_back_to_bytes = false;
  std::string unknown_surface = " \xE2\x81\x87 ";
  std::optional<sentencepiece_normalizer> denormalizer{};
};

/// The pieces of a SentencePiece model, found by text, by id and by prefix.
class sentencepiece_pieces {
 public:
  /// Errors: a piece that is empty or repeated; not one unknown piece; bytes that are missing, or are not wanted; a
  /// score that is not finite.
  static result<sentencepiece_pieces, tokenizer_error> make(const std::vector<sentencepiece_piece>& pieces,
                                                            sentencepiece_options options) noexcept {
    const auto rejected = [](std::size_t id, const std::string& what) {
      return failure{tokenizer_error{"piece " + std::to_string(id) + ": " + what}};
    };
    sentencepiece_pieces made;
    made.byte_ids_.fill(token_vocabulary::none);
    std::vector<prefix_search::numbered_text> matched, user_defined;
    for (std::size_t number = 0; number < pieces.size(); ++number) {
      const auto& [text, score, type] = pieces[number];
      const auto id = static_cast<std::int32_t>(number);
      if (text.empty()) return rejected(number, "expected a text, found none");
      if (!(score - score == 0)) return rejected(number, "the score is not finite");
      if (made.vocabulary_.find(text) != token_vocabulary::none)
        return rejected(number, quoted_name(text) + " is repeated");
      if (const auto added = made.vocabulary_.add(text, id); !added) return failure{added.error()};
      if (type == sentencepiece_type::unknown) {
        if (made.unknown_id_ != token_vocabulary::none) return rejected(number, "a second unknown piece");
        made.unknown_id_ = id;
      } else if (type == sentencepiece_type::byte) {
        const auto byte = decoders::byte_of_fallback(text);
        if (!byte || !options.falls_back_to_bytes) return rejected(number, "the byte piece " + quoted_name(text));
        made.byte_ids_[static_cast<unsigned char>(*byte)] = id;
      } else if (type == sentencepiece_type::normal) {
        made.worst_score_ = (std::min)(made.worst_score_, score);
        made.best_score_ = (std::max)(made.best_score_, score);
      }
      const bool is_matched = type == sentencepiece_type::normal || type == sentencepiece_type::user_defined;
      if (is_matched || type == sentencepiece_type::unused) made.longest_ = (std::max)(made.longest_, text.size());
      if (is_matched) matched.push_back({text, id});
      if (type == sentencepiece_type::user_defined) user_defined.push_back({text, id});
      made.has_unused_ = made.has_unused_ || type == sentencepiece_type::unused;
      made.scores_.push_back(score);
      made.types_.push_back(type);
    }
    if (made.unknown_id_ == token_vocabulary::none)
      return failure{tokenizer_error{"expected an unknown piece, found none"}};
    if (options.falls_back_to_bytes && std::ranges::count(made.byte_ids_, token_vocabulary::none) > 0)
      return failure{tokenizer_error{"expected 256 byte pieces, found fewer"}};
    made.search_ = prefix_search{std::move(matched)};
    made.user_defined_ = prefix_search{std::move(user_defined)};
    made.options_ = std::move(options);
    made.rank();
    return result<sentencepiece_pieces, tokenizer_error>(std::move(made));
  }

  const token_vocabulary& vocabulary() const { return vocabulary_; }
  const sentencepiece_options& options() const { return options_; }
  const prefix_search& search() const { return search_; }  ///< of normal and user-defined pieces
  const prefix_search& user_defined() const { return user_defined_; }

  std::int32_t unknown_id() const { return unknown_id_; }
  std::int32_t id_of(std::string_view text) const {
    const std::int32_t id = vocabulary_.find(text);
    return id == token_vocabulary::none ? unknown_id_ : id;
  }
  sentencepiece_type type(std::int32_t id) const { return types_[static_cast<std::size_t>(id)]; }
  float score(std::int32_t id) const { return scores_[static_cast<std::size_t>(id)]; }
  float worst_score() const { return worst_score_; }
  float best_score() const { return best_score_; }

  bool has_bytes() const { return options_.falls_back_to_bytes; }
  std::int32_t byte_id(unsigned char byte) const { return byte_ids_[byte]; }
  char byte_of(std::int32_t id) const {
    return static_cast<char>(std::ranges::find(byte_ids_, id) - byte_ids_.begin());
  }

  /// The merge that makes a text, or none. Equal scores have equal ranks.
  merge_table::merge merge_to(std::string_view text) const {
    if (text.size() > longest_) return {};
    const std::int32_t id = vocabulary_.find(text);
    if (id == token_vocabulary::none) return {};
    const sentencepiece_type of = type(id);
    const bool is_text =
        of == sentencepiece_type::normal || of == sentencepiece_type::user_defined || of == sentencepiece_type::unused;
    return is_text ? merge_table::merge{ranks_[static_cast<std::size_t>(id)], id} : merge_table::merge{};
  }
  bool has_unused() const { return has_unused_; }

 private:
  sentencepiece_pieces() = default;

  void rank() {
    std::vector<float> sorted = scores_;
    std::sort(sorted.begin(), sorted.end(), std::greater<>{});
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (const float score : scores_)
      ranks_.push_back(static_cast<std::uint32_t>(
          std::lower_bound(sorted.begin(), sorted.end(), score, std::greater<>{}) - sorted.begin()));
  }

  token_vocabulary vocabulary_;
  sentencepiece_options options_;
  std::vector<float> scores_;
  std::vector<sentencepiece_type> types_;
  std::vector<std::uint32_t> ranks_;
  prefix_search search_, user_defined_;
  std::array<std::int32_t, 256> byte_ids_{};
  std::int32_t unknown_id_ = token_vocabulary::none;
  std::size_t longest_ = 0;
  bool has_unused_ = false;
  float worst_score_ = (std::numeric_limits<float>::max)(), best_score_ = (std::numeric_limits<float>::min)();
};

}  // namespace typeformer
