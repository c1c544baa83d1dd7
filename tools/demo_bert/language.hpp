// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/philox.hpp>

/// A language of documents for masked tokens and next sentences. Every sentence has nine words:
///
///   the  subject[n]  verb[n]  a  adjective  noun  in  place  .      the sailors hear a red drum in rome .
///
/// n (one or many) is drawn for each sentence. A document has one subject, one place and one theme, which has the three
/// nouns that it may use. Words are drawn uniformly, so that the best possible accuracy is known.
namespace demo::language {

using word_pair = std::array<std::string_view, 2>;  ///< singular, plural

inline constexpr std::array<word_pair, 16> subjects{{{"sailor", "sailors"},
                                                     {"baker", "bakers"},
                                                     {"king", "kings"},
                                                     {"farmer", "farmers"},
                                                     {"teacher", "teachers"},
                                                     {"doctor", "doctors"},
                                                     {"painter", "painters"},
                                                     {"hunter", "hunters"},
                                                     {"miller", "millers"},
                                                     {"singer", "singers"},
                                                     {"robber", "robbers"},
                                                     {"soldier", "soldiers"},
                                                     {"tailor", "tailors"},
                                                     {"child", "children"},
                                                     {"woman", "women"},
                                                     {"man", "men"}}};
inline constexpr std::array<word_pair, 4> verbs{
    {{"sees", "see"}, {"hears", "hear"}, {"likes", "like"}, {"finds", "find"}}};
inline constexpr std::array<std::string_view, 4> adjectives{"red", "small", "big", "new"};
inline constexpr std::array<std::array<std::string_view, 3>, 16> themes{{{"boat", "sail", "rope"},
                                                                         {"loaf", "cake", "pie"},
                                                                         {"crown", "sword", "shield"},
                                                                         {"cow", "pig", "hen"},
                                                                         {"book", "pen", "desk"},
                                                                         {"pill", "knife", "bed"},
                                                                         {"brush", "frame", "wall"},
                                                                         {"fox", "deer", "trap"},
                                                                         {"sack", "wheel", "stone"},
                                                                         {"drum", "flute", "song"},
                                                                         {"coin", "ring", "purse"},
                                                                         {"tent", "horse", "gun"},
                                                                         {"coat", "hat", "shoe"},
                                                                         {"toy", "ball", "kite"},
                                                                         {"garden", "rose", "bench"},
                                                                         {"train", "ticket", "map"}}};
inline constexpr std::array<std::string_view, 16> places{"rome",   "paris",  "vienna", "madrid", "lisbon", "london",
                                                         "athens", "dublin", "berlin", "prague", "warsaw", "oslo",
                                                         "riga",   "cairo",  "boston", "tokyo"};

inline constexpr std::size_t slots = 9;
enum slot { article, subject, verb, determiner, adjective, noun, preposition, place, stop };

/// All words, each with a number: the order in which `reader` counts them.
inline const std::vector<std::string_view>& words() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> list{"the", ".", "in", "a"};
    for (const auto& adjective : adjectives) list.push_back(adjective);
    for (const auto& pair : verbs) list.insert(list.end(), pair.begin(), pair.end());
    for (const auto& pair : subjects) list.insert(list.end(), pair.begin(), pair.end());
    for (const auto& theme : themes) list.insert(list.end(), theme.begin(), theme.end());
    list.insert(list.end(), places.begin(), places.end());
    return list;
  }();
  return all;
}
namespace number_of {
inline constexpr std::size_t the = 0, stop = 1, in = 2, a = 3;
inline constexpr std::size_t adjective(std::size_t i) { return 4 + i; }
inline constexpr std::size_t verb(std::size_t i, std::size_t n) { return adjective(adjectives.size()) + 2 * i + n; }
inline constexpr std::size_t subject(std::size_t who, std::size_t n) { return verb(verbs.size(), 0) + 2 * who + n; }
inline constexpr std::size_t noun(std::size_t theme, std::size_t i) {
  return subject(subjects.size(), 0) + 3 * theme + i;
}
inline constexpr std::size_t place(std::size_t where) { return noun(themes.size(), 0) + where; }
}  // namespace number_of

/// Documents of 6 to 13 sentences, one sentence per line, separated by empty lines. The same seed gives the same text
/// everywhere.
inline std::string documents(std::size_t count, std::uint64_t seed) {
  typeformer::philox random{seed};
  const auto below = [&](std::size_t n) { return std::size_t(random()) % n; };
  std::string text;
  for (std::size_t d = 0; d < count; ++d) {
    const std::size_t who = below(subjects.size()), theme = below(themes.size()), where = below(places.size());
    for (std::size_t left = 6 + below(8); left > 0; --left) {
      const std::size_t n = below(2);
      const std::array<std::size_t, slots> sentence{number_of::the,
                                                    number_of::subject(who, n),
                                                    number_of::verb(below(verbs.size()), n),
                                                    number_of::a,
                                                    number_of::adjective(below(adjectives.size())),
                                                    number_of::noun(theme, below(3)),
                                                    number_of::in,
                                                    number_of::place(where),
                                                    number_of::stop};
      for (const std::size_t word : sentence) (text += words()[word]) += word == number_of::stop ? '\n' : ' ';
    }
    text += '\n';
  }
  return text;
}

}  // namespace demo::language
