// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/piece_texts.hpp>
#include <typeformer/text/detail/piece_trie.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// The most bytes of a vocabulary.
inline constexpr std::size_t largest_vocabulary = 0x7FFF'FFFF;

inline failure<tokenizer_error> rejected_vocabulary(const std::string& expected, const std::string& found) {
  return failure{tokenizer_error{"expected " + expected + ", found " + found}};
}
inline std::string vocabulary_line(std::int32_t id) { return "line " + std::to_string(id + 1); }

/// Error: the text is empty or too large, holds a zero byte or is not UTF-8.
inline result<void, tokenizer_error> check_vocabulary_text(std::string_view text) {
  const auto at_byte = [](std::size_t position) { return " at byte " + std::to_string(position); };
  if (text.empty()) return rejected_vocabulary("a vocabulary with one piece a line", "no text");
  if (text.size() > largest_vocabulary)
    return rejected_vocabulary("at most " + std::to_string(largest_vocabulary) + " bytes", std::to_string(text.size()));
  if (const std::size_t zero = text.find('\0'); zero != text.npos)
    return rejected_vocabulary("a text with one piece a line", "a zero byte" + at_byte(zero));
  if (const std::size_t error = utf8_error(text); error != text.size())
    return rejected_vocabulary("UTF-8", "an invalid sequence" + at_byte(error));
  return {};
}

/// Error: a line is empty, or ends in more than one carriage return.
inline result<piece_texts, tokenizer_error> pieces_of_lines(std::string_view text) {
  piece_texts pieces;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = (std::min)(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return rejected_vocabulary("a piece in " + vocabulary_line(pieces.size()), "an empty line");
    if (line.ends_with('\r'))
      return rejected_vocabulary("a piece in " + vocabulary_line(pieces.size()), "one that ends in carriage returns");
    pieces.add(line);
    begin = end + 1;
  }
  return pieces;
}

/// Error: a piece is repeated.
inline result<piece_trie, tokenizer_error> trie_of(const piece_texts& pieces) {
  std::vector<piece_trie::spelled_piece> sorted;
  sorted.reserve(static_cast<std::size_t>(pieces.size()));
  for (std::int32_t id = 0; id < pieces.size(); ++id) sorted.push_back({pieces[id], id});
  std::ranges::stable_sort(sorted, {}, &piece_trie::spelled_piece::spelling);
  const auto same = std::ranges::adjacent_find(sorted, {}, &piece_trie::spelled_piece::spelling);
  if (same != sorted.end())
    return rejected_vocabulary("a new piece in " + vocabulary_line((same + 1)->id),
                               quoted_name(same->spelling) + " as in " + vocabulary_line(same->id));
  return piece_trie(sorted);
}

}  // namespace typeformer::detail
