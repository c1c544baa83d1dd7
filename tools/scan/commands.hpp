// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/pair_batch_builder.hpp>
#include <typeformer/hosted/data/text_file.hpp>

namespace scan {
namespace tf = typeformer;

/// Words as ids in the order of their first occurrence, after those that start and end a target.
class word_list {
 public:
  explicit word_list(std::int32_t capacity) : capacity_{capacity} {}

  std::int32_t size() const { return next_; }
  /// No new words are accepted after this call.
  void close() { capacity_ = next_; }
  /// Error: the word is new, and there is no room for it.
  tf::result<std::int32_t, std::string> id_of(std::string_view word) {
    if (const auto known = ids_.find(word); known != ids_.end()) return known->second;
    if (next_ == capacity_)
      return tf::failure{"expected one of the " + std::to_string(ids_.size()) + " words before, found " +
                         std::string(word.substr(0, 60))};
    return ids_.emplace(word, next_++).first->second;
  }

 private:
  std::map<std::string, std::int32_t, std::less<>> ids_;
  std::int32_t capacity_, next_ = 2;
};

/// The most tokens of each sequence, including its end token.
struct longest {
  tf::index_type command, actions;
};

/// Errors: a word without room in the list; no words, or more than `most` tokens with the end.
inline tf::result<std::vector<std::int32_t>, std::string> ids_of(std::string_view text, tf::index_type most,
                                                                 word_list& words) {
  std::vector<std::int32_t> ids;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const auto id = words.id_of(word);
    if (!id) return tf::failure{id.error()};
    ids.push_back(*id);
  }
  if (ids.empty() || tf::index_type(ids.size()) >= most)
    return tf::failure{"expected 1 to " + std::to_string(most - 1) + " words, found " + std::to_string(ids.size())};
  return tf::result<std::vector<std::int32_t>, std::string>(std::move(ids));
}

/// A command as a pair: the source ends as the target will. Errors, as texts: those of `ids_of`.
inline tf::result<tf::sequence_pair, std::string> pair_of(std::string_view command, std::string_view actions,
                                                          longest room, word_list& words) {
  auto source = ids_of(command, room.command, words);
  if (!source) return tf::failure{"command: " + source.error()};
  auto target = ids_of(actions, room.actions, words);
  if (!target) return tf::failure{"actions: " + target.error()};
  source->push_back(tf::target_ends{}.end);
  return tf::sequence_pair{std::move(*source), std::move(*target)};
}

/// The commands of a file as pairs.
///
/// Errors, as texts with the line's number: the file cannot be read; a line is not `IN: words OUT: words`; those of
/// `pair_of`.
inline tf::result<std::vector<tf::sequence_pair>, std::string> read_commands(const std::string& path, longest room,
                                                                             word_list& words) {
  constexpr std::string_view in = "IN: ", out = " OUT: ";
  const auto text = tf::read_text(path);
  if (!text) return tf::failure{text.error().message()};
  std::vector<tf::sequence_pair> pairs;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string where = path + ": line " + std::to_string(number) + ": ";
    const std::size_t middle = line.find(out);
    if (!line.starts_with(in) || middle == std::string_view::npos || middle < in.size())
      return tf::failure{where + "expected IN: words OUT: words, found " + std::string(line.substr(0, 60))};
    auto pair = pair_of(line.substr(in.size(), middle - in.size()), line.substr(middle + out.size()), room, words);
    if (!pair) return tf::failure{where + pair.error()};
    pairs.push_back(std::move(*pair));
  }
  return tf::result<std::vector<tf::sequence_pair>, std::string>(std::move(pairs));
}

}  // namespace scan
