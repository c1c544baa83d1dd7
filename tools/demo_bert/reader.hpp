// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>

#include "language.hpp"

namespace demo::language {

/// How tokens are hidden. Of every token that may be hidden, a `fraction` is to be predicted. Of these some are masked,
/// some are replaced by a random token, and the rest are shown.
struct hiding {
  double fraction = 0.15, masked = 0.8, random = 0.1;
};

/// A reader who knows the language and how its tokens were hidden, and guesses only what was random. It uses Bayes'
/// rule over the subject, theme and place of both segments, the words of every sentence, where a segment was cut, and
/// whether the second one follows the first. No reader can be better. Each token counts as hidden independently.
class reader {
 public:
  /// `id_of(word)` returns the token of a word.
  template <class IdOf>
  reader(IdOf&& id_of, std::int32_t mask, std::size_t vocabulary, hiding how = {})
      : word_of_(vocabulary, no_word), mask_{mask}, how_{how} {
    for (std::size_t word = 0; word < words().size(); ++word) word_of_[std::size_t(id_of(words()[word]))] = word;
  }

  /// Reads two segments, as they are shown, without the special tokens around them.
  void read(std::span<const std::int32_t> first, std::span<const std::int32_t> second) {
    segments_ = {first, second};
    hidden_segment_ = 2;
    for (std::size_t s = 0; s < 2; ++s) weigh(s);
  }

  /// The probability of the right answer to whether the second segment follows the first.
  double chance_of_next() const {
    const double follows = weight_of(true), stranger = weight_of(false);
    return std::max(follows, stranger) / (follows + stranger);
  }

  /// A word, by its number, and the probability that it is the right one.
  struct guess {
    std::size_t word;
    double chance;
  };

  /// The best guess of the token at `place` of a segment.
  guess best_guess(std::size_t segment, std::size_t place) {
    const std::int32_t shown = segments_[segment][place];
    hidden_segment_ = segment;
    hidden_place_ = place;
    weigh(segment);
    std::vector<double> chances(words().size(), 0.0);
    add_words(segment, place, chances);
    double sum = 0;
    guess best{0, 0};
    for (std::size_t word = 0; word < chances.size(); ++word) {
      const bool same = word_of_[std::size_t(shown)] == word;
      const double chance =
          shown == mask_ ? 1 : how_.random / double(word_of_.size()) + same * (1 - how_.masked - how_.random);
      sum += chances[word] * chance;
      if (chances[word] * chance > best.chance) best = {word, chances[word] * chance};
    }
    hidden_segment_ = 2;
    weigh(segment);
    return {best.word, best.chance / sum};
  }

 private:
  static constexpr std::size_t no_word = ~std::size_t{0};

  /// The probability of what is shown at a place, given the word.
  double evidence(std::size_t segment, std::size_t place, std::size_t word) const {
    if (segment == hidden_segment_ && place == hidden_place_) return 1;
    const std::int32_t shown = segments_[segment][place];
    if (shown == mask_) return 1;
    const bool same = word_of_[std::size_t(shown)] == word;
    return same * (1 - how_.fraction * (how_.masked + how_.random)) +
           how_.fraction * how_.random / double(word_of_.size());
  }

  /// The words of one sentence that are in the segment. `begin` is the place of its article, which may have been cut
  /// off.
  struct sentence {
    const reader& all;
    std::size_t segment;
    std::ptrdiff_t begin;

    double evidence(slot s, std::size_t word) const {
      const std::ptrdiff_t place = begin + s;
      if (place < 0 || place >= std::ptrdiff_t(all.segments_[segment].size())) return 1;
      return all.evidence(segment, std::size_t(place), word);
    }
    double verbs_of(std::size_t n) const {
      double sum = 0;
      for (std::size_t v = 0; v < verbs.size(); ++v) sum += evidence(verb, number_of::verb(v, n));
      return sum / double(verbs.size());
    }
    double some_adjective() const {
      double sum = 0;
      for (std::size_t i = 0; i < adjectives.size(); ++i) sum += evidence(adjective, number_of::adjective(i));
      return sum / double(adjectives.size());
    }
    double about(std::size_t who) const {
      double sum = 0;
      for (std::size_t n = 0; n < 2; ++n) sum += evidence(subject, number_of::subject(who, n)) * verbs_of(n) / 2;
      return sum;
    }
    double on(std::size_t theme) const {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i) sum += evidence(noun, number_of::noun(theme, i));
      return sum / 3;
    }
    double at(std::size_t where) const { return evidence(slot::place, number_of::place(where)); }
    double rest() const {
      return evidence(article, number_of::the) * evidence(determiner, number_of::a) * some_adjective() *
             evidence(preposition, number_of::in) * evidence(stop, number_of::stop);
    }
  };

  /// The weight of a segment for each subject, theme and place, if its first word is in slot `cut` of a sentence.
  struct weights {
    std::array<double, subjects.size()> about;
    std::array<double, themes.size()> on;
    std::array<double, places.size()> at;
    double rest;
  };
  void weigh(std::size_t segment) {
    for (std::size_t cut = 0; cut < slots; ++cut) {
      weights& w = weights_[segment][cut];
      w.about.fill(1.0 / double(subjects.size()));
      w.on.fill(1.0 / double(themes.size()));
      w.at.fill(1.0 / double(places.size()));
      w.rest = 1.0 / double(slots);
      const std::ptrdiff_t size = std::ptrdiff_t(segments_[segment].size());
      for (std::ptrdiff_t begin = -std::ptrdiff_t(cut); begin < size; begin += std::ptrdiff_t(slots)) {
        const sentence here{*this, segment, begin};
        for (std::size_t who = 0; who < w.about.size(); ++who) w.about[who] *= here.about(who) * rescaling;
        for (std::size_t theme = 0; theme < w.on.size(); ++theme) w.on[theme] *= here.on(theme) * rescaling;
        for (std::size_t where = 0; where < w.at.size(); ++where) w.at[where] *= here.at(where) * rescaling;
        w.rest *= here.rest() * rescaling;
      }
    }
  }
  static constexpr double rescaling = 16;  // keeps products of small numbers in a double's range; the same everywhere

  template <std::size_t N>
  static double together(const std::array<double, N>& a, const std::array<double, N>& b, bool same) {
    double sum = 0, all_a = 0, all_b = 0;
    for (std::size_t i = 0; i < N; ++i) {
      sum += a[i] * b[i] * double(N);  // one prior for both
      all_a += a[i];
      all_b += b[i];
    }
    return same ? sum : all_a * all_b;
  }
  double weight_of(bool follows) const {
    double sum = 0;
    for (const weights& a : weights_[0])
      for (const weights& b : weights_[1])
        sum += a.rest * b.rest * together(a.about, b.about, follows) * together(a.on, b.on, follows) *
               together(a.at, b.at, follows);
    return sum;
  }

  /// Adds the weight of every word at a place, over everything that is unknown.
  void add_words(std::size_t segment, std::size_t place, std::vector<double>& words_there) const {
    for (std::size_t cut = 0; cut < slots; ++cut) {
      const weights& mine = weights_[segment][cut];
      const slot s = slot((place + cut) % slots);
      const sentence here{*this, segment, std::ptrdiff_t(place) - std::ptrdiff_t(s)};
      for (const weights& other : weights_[1 - segment])
        for (const bool follows : {false, true}) {
          const double common = mine.rest * other.rest / 2;
          const auto joint = [&](const auto& a, const auto& b, std::size_t i) {
            double all = 0;
            for (const double weight : b) all += weight;
            return follows ? a[i] * b[i] * double(a.size()) : a[i] * all;
          };
          const double about = together(mine.about, other.about, follows), on = together(mine.on, other.on, follows),
                       at = together(mine.at, other.at, follows);
          const auto add = [&](std::size_t word, double weight) { words_there[word] += common * weight; };
          switch (s) {
            case article: add(number_of::the, about * on * at); break;
            case stop: add(number_of::stop, about * on * at); break;
            case preposition: add(number_of::in, about * on * at); break;
            case slot::place:
              for (std::size_t where = 0; where < places.size(); ++where)
                add(number_of::place(where), about * on * joint(mine.at, other.at, where) / here.at(where));
              break;
            case adjective:
              for (std::size_t i = 0; i < adjectives.size(); ++i)
                add(number_of::adjective(i), about * on * at / double(adjectives.size()));
              break;
            case subject:
              for (std::size_t who = 0; who < subjects.size(); ++who)
                for (std::size_t n = 0; n < 2; ++n)
                  add(number_of::subject(who, n),
                      on * at * joint(mine.about, other.about, who) * here.verbs_of(n) / 2 / here.about(who));
              break;
            case verb:
              for (std::size_t who = 0; who < subjects.size(); ++who)
                for (std::size_t n = 0; n < 2; ++n)
                  for (std::size_t v = 0; v < verbs.size(); ++v)
                    add(number_of::verb(v, n), on * at * joint(mine.about, other.about, who) *
                                                   here.evidence(subject, number_of::subject(who, n)) / 2 /
                                                   double(verbs.size()) / here.about(who));
              break;
            case determiner: add(number_of::a, about * on * at); break;
            case noun:
              for (std::size_t theme = 0; theme < themes.size(); ++theme)
                for (std::size_t i = 0; i < 3; ++i)
                  add(number_of::noun(theme, i), about * at * joint(mine.on, other.on, theme) / 3 / here.on(theme));
              break;
          }
        }
    }
  }

  std::vector<std::size_t> word_of_;
  std::int32_t mask_;
  hiding how_;
  std::array<std::span<const std::int32_t>, 2> segments_;
  std::array<std::array<weights, slots>, 2> weights_{};
  std::size_t hidden_segment_ = 2, hidden_place_ = 0;
};

}  // namespace demo::language
