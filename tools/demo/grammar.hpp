// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/philox.hpp>

/// A small English whose verbs agree with their nouns across nested clauses:
///
///   sentence  = nouns[n] verb[n] "."                                  the dogs that the old cat sees sleep.
///   nouns[n]  = determiner[n] [adjective] noun[n] [clause[n]]          n: one or many
///   clause[n] = "that" verb[n] | "that" nouns[m] transitive[m]         the second kind nests
///   verb[n]   = intransitive[n] [adverb] | transitive[n] nouns[m]
///
/// "a" comes before a consonant, "an" before a vowel. Every sentence has one derivation, so that its probability, and
/// with it the lowest possible loss, is known.
namespace demo::grammar {

using word_pair = std::array<std::string_view, 2>;  ///< singular, plural

inline constexpr word_pair nouns[] = {{"dog", "dogs"}, {"cat", "cats"},  {"owl", "owls"},       {"bird", "birds"},
                                      {"ant", "ants"}, {"fox", "foxes"}, {"child", "children"}, {"mouse", "mice"}};
inline constexpr word_pair intransitive[] = {
    {"sleeps", "sleep"}, {"runs", "run"}, {"sings", "sing"}, {"waits", "wait"}};
inline constexpr word_pair transitive[] = {{"sees", "see"}, {"likes", "like"}, {"hears", "hear"}, {"chases", "chase"}};
inline constexpr std::string_view adjectives[] = {"old", "small", "angry", "red"};
inline constexpr std::string_view adverbs[] = {"quietly", "often", "alone"};

inline constexpr int deepest_clause = 2;

inline bool begins_with_vowel(std::string_view word) {
  return std::string_view("aeiou").find(word.front()) != std::string_view::npos;
}

/// Writes sentences; the same seed gives the same text everywhere.
class writer {
 public:
  explicit writer(std::uint64_t seed) : random_{seed} {}

  /// A sentence without its line end.
  std::string sentence() {
    words_.clear();
    const int n = noun_phrase(0);
    verb_phrase(n, 0);
    std::string text;
    for (const std::string_view word : words_) {
      if (!text.empty()) text += ' ';
      text += word;
    }
    return text + '.';
  }

  /// Sentences, one per line.
  std::string text(std::size_t characters) {
    nats_ = 0;
    std::string all;
    all.reserve(characters + 200);
    while (all.size() < characters) all += sentence() + '\n';
    written_ = all.size();
    return all;
  }
  /// −log probability of the last `text` for each character: the lowest possible loss.
  double nats_per_character() const { return nats_ / double(written_); }

 private:
  bool chance(std::uint32_t of_eight) {
    const bool yes = random_() % 8 < of_eight;
    nats_ -= std::log((yes ? of_eight : 8 - of_eight) / 8.0);
    return yes;
  }
  template <class T, std::size_t N> const T& one_of(const T (&all)[N]) {
    nats_ += std::log(double(N));
    return all[random_() % N];
  }

  int noun_phrase(int depth) {
    const int number = chance(4);
    const bool definite = chance(4), described = chance(2);
    const std::string_view adjective = described ? one_of(adjectives) : std::string_view{};
    const std::string_view noun = one_of(nouns)[std::size_t(number)];
    words_.push_back(definite                                          ? "the"
                     : number == 1                                     ? "some"
                     : begins_with_vowel(described ? adjective : noun) ? "an"
                                                                       : "a");
    if (described) words_.push_back(adjective);
    words_.push_back(noun);
    if (depth < deepest_clause && chance(2)) clause(number, depth + 1);
    return number;
  }
  void clause(int number, int depth) {
    words_.push_back("that");
    if (chance(3)) return verb_phrase(number, depth);
    const int other = noun_phrase(depth);
    words_.push_back(one_of(transitive)[std::size_t(other)]);
  }
  void verb_phrase(int number, int depth) {
    if (chance(4)) {
      words_.push_back(one_of(intransitive)[std::size_t(number)]);
      if (chance(2)) words_.push_back(one_of(adverbs));
    } else {
      words_.push_back(one_of(transitive)[std::size_t(number)]);
      noun_phrase(depth);
    }
  }

  typeformer::philox random_;
  std::vector<std::string_view> words_;
  double nats_ = 0;
  std::size_t written_ = 1;
};

namespace detail {

/// Recursive descent over the words of one sentence.
class parser {
 public:
  explicit parser(std::span<const std::string_view> words) : words_{words} {}
  bool accepts() {
    int number = 0;
    return noun_phrase(0, number) && verb_phrase(number, 0) && next_ == words_.size();
  }

 private:
  std::string_view word() const { return next_ < words_.size() ? words_[next_] : std::string_view{}; }
  bool take(std::string_view expected) {
    if (word() != expected) return false;
    ++next_;
    return true;
  }
  template <std::size_t N> bool take_one_of(const std::string_view (&all)[N]) {
    for (const std::string_view each : all)
      if (take(each)) return true;
    return false;
  }
  template <std::size_t N> bool take_one_of(const word_pair (&all)[N], int number) {
    for (const word_pair& each : all)
      if (take(each[std::size_t(number)])) return true;
    return false;
  }

  bool noun_phrase(int depth, int& number) {
    const std::string_view determiner = word();
    if (determiner != "the" && determiner != "some" && determiner != "a" && determiner != "an") return false;
    ++next_;
    if (determiner.front() == 'a' && !word().empty() && begins_with_vowel(word()) != (determiner == "an")) return false;
    take_one_of(adjectives);
    if (take_one_of(nouns, 0)) number = 0;
    else if (take_one_of(nouns, 1)) number = 1;
    else return false;
    if ((determiner == "some" && number == 0) || (determiner.front() == 'a' && number == 1)) return false;
    return !take("that") || (depth < deepest_clause && clause(number, depth + 1));
  }
  bool clause(int number, int depth) {
    const std::size_t begin = next_;
    if (verb_phrase(number, depth)) return true;
    if (next_ != begin) return false;
    int other = 0;
    return noun_phrase(depth, other) && take_one_of(transitive, other);
  }
  bool verb_phrase(int number, int depth) {
    if (take_one_of(intransitive, number)) {
      take_one_of(adverbs);
      return true;
    }
    int object = 0;
    return take_one_of(transitive, number) && noun_phrase(depth, object);
  }

  std::span<const std::string_view> words_;
  std::size_t next_ = 0;
};

}  // namespace detail

/// Whether a line is exactly one sentence of the grammar.
inline bool obeys(std::string_view line) {
  if (line.empty() || line.back() != '.') return false;
  line.remove_suffix(1);
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return detail::parser{words}.accepts();
}

}  // namespace demo::grammar
