// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/training/pair_batch_builder.hpp>
#include <typeformer/hosted/training/text_file.hpp>

namespace scan {
namespace tf = typeformer;

/// Words as ids in the order in which they first came, behind those that start and end a target.
class word_list {
 public:
  std::int32_t size() const { return next_; }
  std::int32_t id_of(std::string_view word) {
    const auto [place, is_new] = ids_.try_emplace(std::string(word), next_);
    if (is_new) ++next_;
    return place->second;
  }

 private:
  std::map<std::string, std::int32_t> ids_;
  std::int32_t next_ = 2;
};

inline std::vector<std::int32_t> ids_of(std::string_view text, word_list& words) {
  std::vector<std::int32_t> ids;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) ids.push_back(words.id_of(word));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return ids;
}

/// The commands of a file as pairs: the source ends as the target will.
///
/// Errors, as texts: the file cannot be read, or a line is not `IN: words OUT: words`.
inline tf::result<std::vector<tf::sequence_pair>, std::string> read_commands(const std::string& path,
                                                                             word_list& words) {
  constexpr std::string_view in = "IN: ", out = " OUT: ";
  const auto text = tf::read_text(path);
  if (!text) return tf::failure{text.error().message()};
  std::vector<tf::sequence_pair> pairs;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t middle = line.find(out);
    if (!line.starts_with(in) || middle == std::string_view::npos || middle < in.size())
      return tf::failure{path + ": line " + std::to_string(number) + ": expected IN: words OUT: words, found " +
                         std::string(line.substr(0, 60))};
    pairs.push_back(
        {ids_of(line.substr(in.size(), middle - in.size()), words), ids_of(line.substr(middle + out.size()), words)});
    pairs.back().source.push_back(tf::target_ends{}.end);
  }
  return tf::result<std::vector<tf::sequence_pair>, std::string>(std::move(pairs));
}

}  // namespace scan
