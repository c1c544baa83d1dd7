// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/best_segmentation.hpp>
#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/word_counts.hpp>

namespace typeformer::detail {

struct scored_text {
  std::string text;
  double score;
};

inline prefix_search search_of(const std::vector<scored_text>& pieces) {
  std::vector<prefix_search::numbered_text> texts;
  for (std::size_t i = 0; i < pieces.size(); ++i) texts.push_back({pieces[i].text, static_cast<std::int32_t>(i)});
  return prefix_search{std::move(texts)};
}

inline double log_of_sum(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == -std::numeric_limits<double>::infinity() ? a : a + std::log1p(std::exp(b - a));
}

/// The expected number of uses of each piece in all segmentations of the words (the forward-backward algorithm).
inline std::vector<double> expected_counts(const std::vector<scored_text>& pieces,
                                           const std::vector<word_counts::counted_word>& words) {
  const prefix_search search = search_of(pieces);
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  struct edge {
    std::size_t begin, end;
    std::int32_t id;
  };
  std::vector<double> counts(pieces.size(), 0.0), forward, backward;
  std::vector<edge> edges;
  for (const auto& [word, count] : words) {
    forward.assign(word.size() + 1, nothing), backward.assign(word.size() + 1, nothing);
    forward[0] = 0, backward[word.size()] = 0;
    edges.clear();
    for (std::size_t at = 0; at < word.size(); at += character_at(word, at).size)
      search.for_each(word.substr(at), [&](std::int32_t id, std::size_t size) {
        edges.push_back({at, at + size, id});
        double& to = forward[at + size];
        to = log_of_sum(to, forward[at] + pieces[static_cast<std::size_t>(id)].score);
      });
    for (auto each = edges.rbegin(); each != edges.rend(); ++each) {
      double& to = backward[each->begin];
      to = log_of_sum(to, backward[each->end] + pieces[static_cast<std::size_t>(each->id)].score);
    }
    const double all = forward[word.size()];
    if (all == nothing) continue;
    for (const edge& each : edges) {
      const double through = forward[each.begin] + pieces[static_cast<std::size_t>(each.id)].score + backward[each.end];
      counts[static_cast<std::size_t>(each.id)] += static_cast<double>(count) * std::exp(through - all);
    }
  }
  return counts;
}

/// The derivative of the logarithm of the gamma function, for x > 0.
inline double digamma(double x) {
  double sum = 0;
  for (; x < 7; x += 1) sum -= 1 / x;
  x -= 0.5;
  const double square = 1 / (x * x);
  return sum + std::log(x) + square / 24 - 7 * square * square / 960;
}

/// One step of expectation maximization, with a sparse prior: pieces that are hardly used are dropped, except
/// characters.
inline void estimate_again(std::vector<scored_text>& pieces, const std::vector<word_counts::counted_word>& words) {
  constexpr double least_count = 0.5;
  const std::vector<double> counts = expected_counts(pieces, words);
  std::vector<scored_text> kept;
  double all = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool is_character = character_at(pieces[i].text, 0).size == pieces[i].text.size();
    if (counts[i] < least_count && !is_character) continue;
    const double count = (std::max)(counts[i], least_count);
    all += count;
    kept.push_back({std::move(pieces[i].text), digamma(count)});
  }
  const double log_of_all = digamma(all);
  for (scored_text& each : kept) each.score -= log_of_all;
  pieces = std::move(kept);
}

/// Keeps `wanted` pieces: characters, and those without which the likelihood of the words would fall most.
inline void drop_pieces(std::vector<scored_text>& pieces, const std::vector<word_counts::counted_word>& words,
                        std::size_t wanted) {
  const prefix_search search = search_of(pieces);
  constexpr double unknown_score = -1e6;
  const auto score_of = [&](std::int32_t id, std::size_t) { return pieces[static_cast<std::size_t>(id)].score; };
  std::vector<double> uses(pieces.size(), 0.0);
  for (const auto& [word, count] : words)
    for (const word_piece& part : best_segmentation<double>(word, search, score_of, unknown_score, -1))
      if (part.id >= 0) uses[static_cast<std::size_t>(part.id)] += static_cast<double>(count);
  struct loss {
    double value;
    std::size_t number;
  };
  std::vector<loss> losses;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view text = pieces[i].text;
    double value = std::numeric_limits<double>::infinity();
    if (character_at(text, 0).size != text.size()) {
      const auto without = [&](std::int32_t id, std::size_t size) {
        return size == text.size() ? unknown_score : score_of(id, size);
      };
      double other = 0;
      for (const word_piece& part : best_segmentation<double>(text, search, without, unknown_score, -1))
        other += part.id < 0 ? unknown_score : without(part.id, part.end - part.begin);
      value = uses[i] * (pieces[i].score - other);
    }
    losses.push_back({value, i});
  }
  std::ranges::stable_sort(losses, [](const loss& a, const loss& b) { return a.value > b.value; });
  std::vector<scored_text> kept;
  for (std::size_t i = 0; i < losses.size() && (i < wanted || losses[i].value > 1e300); ++i)
    kept.push_back(std::move(pieces[losses[i].number]));
  pieces = std::move(kept);
}

}  // namespace typeformer::detail
