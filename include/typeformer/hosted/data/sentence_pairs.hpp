// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/data/pretraining_instance.hpp>
#include <typeformer/hosted/data/pretraining_vocabulary.hpp>
#include <typeformer/hosted/data/random_stream.hpp>
#include <typeformer/hosted/setting_message.hpp>

namespace typeformer {

/// The meaning of the label of a pair of segments.
enum class pair_relation {
  next_sentence,  ///< 0: the second follows the first; 1: it comes from another document
  sentence_order  ///< 0: they are in their order; 1: they are swapped
};

struct sentence_pair_options {
  pair_relation relation = pair_relation::next_sentence;
  index_type tokens = 128;      ///< at most, of a whole instance
  double short_fraction = 0.1;  ///< of the documents that are cut into shorter instances
  double label_1_fraction = 0.5;

  constexpr auto settings() const {
    return std::array{setting{"short_fraction", short_fraction, from_zero_to_one},
                      setting{"label_1_fraction", label_1_fraction, from_zero_to_one}};
  }
};

/// Makes instances `[CLS] A [SEP] B [SEP]` of documents, for `next_sentence` as BERT does (Devlin et al. 2019,
/// arXiv:1810.04805, A.2) and for `sentence_order` (Lan et al. 2020, arXiv:1909.11942, §3.1).
///
/// Consecutive sentences of a document fill a chunk of up to `tokens` tokens; for a fraction of the documents the limit
/// is drawn from 2 to that. A is a random number of the chunk's first sentences, and B the rest.
///
/// For `next_sentence`, with a probability of 1/2 B is instead sentences from a random place of another document, and
/// the unused sentences of the chunk are put back. A chunk of one sentence allows no other choice. If there is no other
/// document every label is 0, every chunk has two sentences, and a remaining single one is left out.
///
/// For `sentence_order`, A and B are swapped with a probability of 1/2. A chunk of one sentence is cut between two of
/// its words, and a single word at a document's end is left out.
///
/// A pair that is too long loses tokens of its longer segment, each at the front or at the back with equal probability.
/// Precondition: tokens >= 5, every id in the vocabulary; else it traps. Cost: linear in the tokens.
class sentence_pairs {
 public:
  sentence_pairs(pretraining_vocabulary vocabulary, sentence_pair_options options = {})
      : vocabulary_{std::move(vocabulary)}, options_{options} {
    if (options.tokens < 5) __builtin_trap();
  }

  const pretraining_vocabulary& vocabulary() const { return vocabulary_; }
  index_type tokens() const { return options_.tokens; }
  /// Errors: a fraction outside [0, 1]; a token is not in the vocabulary.
  result<void, training_error> check(std::span<const token_document> documents) const {
    if (const auto right = check_settings(options_, "sentence pairs"); !right) return right;
    return vocabulary_.check(documents);
  }

  /// The instances of all documents, in their order. Other documents are drawn from the same ones.
  std::vector<pretraining_instance> operator()(std::span<const token_document> documents, philox& generator) const {
    std::vector<std::vector<sentence>> texts;  // without empty sentences and documents
    for (const token_document& document : documents) {
      std::vector<sentence> sentences;
      for (const auto& tokens : document)
        if (!tokens.empty()) sentences.emplace_back(tokens);
      if (!sentences.empty()) texts.push_back(std::move(sentences));
    }
    std::vector<pretraining_instance> instances;
    for (std::size_t i = 0; i < texts.size(); ++i) add_pairs_of(texts, i, generator, instances);
    return instances;
  }

 private:
  using sentence = std::span<const std::int32_t>;
  using segment = std::vector<std::int32_t>;

  std::size_t most_of_text() const { return static_cast<std::size_t>(options_.tokens) - 3; }

  void add_pairs_of(std::span<const std::vector<sentence>> texts, std::size_t which, philox& generator,
                    std::vector<pretraining_instance>& instances) const {
    std::size_t target = most_of_text();
    if (happens(options_.short_fraction, generator)) target = 2 + below(most_of_text() - 1, generator);
    const std::vector<sentence>& text = texts[which];
    const bool has_others = texts.size() > 1;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = end_of_chunk(text, begin, target, has_others);
      const auto chunk = std::span(text).subspan(begin, end - begin);
      begin = end;
      const std::size_t in_a = chunk.size() < 2 ? 1 : 1 + below(chunk.size() - 1, generator);
      segment a = joined(chunk.first(in_a)), b;
      if (options_.relation == pair_relation::sentence_order) {
        b = chunk.size() < 2 ? cut_off(a, generator) : joined(chunk.subspan(in_a));
        if (b.empty()) continue;
        const bool is_swapped = happens(options_.label_1_fraction, generator);
        if (is_swapped) a.swap(b);
        instances.push_back(pair_of(a, b, is_swapped, true, generator));
      } else {
        const bool is_free = has_others && chunk.size() > 1;
        if (!has_others && chunk.size() < 2) continue;
        const bool is_random = is_free ? happens(options_.label_1_fraction, generator) : has_others;
        if (is_random) begin -= chunk.size() - in_a;
        b = is_random ? sentences_of_another(texts, which, target > a.size() ? target - a.size() : 0, generator)
                      : joined(chunk.subspan(in_a));
        instances.push_back(pair_of(a, b, is_random, is_free, generator));
      }
    }
  }

  std::size_t end_of_chunk(std::span<const sentence> text, std::size_t begin, std::size_t target,
                           bool has_others) const {
    std::size_t length = 0, end = begin;
    while (end < text.size()) {
      length += text[end++].size();
      const bool has_no_pair =
          end - begin == 1 &&
          (options_.relation == pair_relation::sentence_order ? words_begun_within(text[begin]).empty() : !has_others);
      if (length >= target && !has_no_pair) break;
    }
    return end;
  }

  /// Sentences of another document, from a random place on, until there are enough tokens. Precondition: there is
  /// another one.
  segment sentences_of_another(std::span<const std::vector<sentence>> texts, std::size_t which, std::size_t enough,
                               philox& generator) const {
    std::size_t other = below(texts.size() - 1, generator);
    if (other >= which) ++other;
    segment tokens;
    const std::span text{texts[other]};
    for (const sentence& s : text.subspan(below(text.size(), generator))) {
      tokens.insert(tokens.end(), s.begin(), s.end());
      if (tokens.size() >= enough) break;
    }
    return tokens;
  }

  /// Where words begin in a sentence, without the first word.
  std::vector<std::size_t> words_begun_within(sentence tokens) const {
    std::vector<std::size_t> places;
    for (std::size_t i = 1; i < tokens.size(); ++i)
      if (vocabulary_.role_of(tokens[i]) != token_role::continues_word) places.push_back(i);
    return places;
  }
  /// Cuts a segment between two words and returns the second part; nothing for a single word.
  segment cut_off(segment& a, philox& generator) const {
    const auto places = words_begun_within(a);
    if (places.empty()) return {};
    const auto cut = a.begin() + static_cast<std::ptrdiff_t>(places[below(places.size(), generator)]);
    segment b(cut, a.end());
    a.erase(cut, a.end());
    return b;
  }

  pretraining_instance pair_of(sentence a, sentence b, bool label, bool is_free, philox& generator) const {
    while (a.size() + b.size() > most_of_text()) {
      sentence& longer = a.size() > b.size() ? a : b;
      longer = happens(0.5, generator) ? longer.subspan(1) : longer.first(longer.size() - 1);
    }
    pretraining_instance instance;
    instance.tokens.reserve(a.size() + b.size() + 3);
    instance.tokens.push_back(vocabulary_.classification());
    instance.tokens.insert(instance.tokens.end(), a.begin(), a.end());
    instance.tokens.push_back(vocabulary_.separator());
    instance.segments.resize(instance.tokens.size(), 0);
    instance.tokens.insert(instance.tokens.end(), b.begin(), b.end());
    instance.tokens.push_back(vocabulary_.separator());
    instance.segments.resize(instance.tokens.size(), 1);
    for (const std::int32_t id : instance.tokens) instance.roles.push_back(vocabulary_.role_of(id));
    instance.label = label ? 1 : 0;
    instance.label_was_free = is_free;
    return instance;
  }

  static segment joined(std::span<const sentence> sentences) {
    segment tokens;
    for (const sentence& s : sentences) tokens.insert(tokens.end(), s.begin(), s.end());
    return tokens;
  }
  static std::size_t below(std::size_t size, philox& generator) {
    return uniform_below(static_cast<std::uint32_t>(std::min<std::size_t>(size, 0xFFFF'FFFF)), generator);
  }

  pretraining_vocabulary vocabulary_;
  sentence_pair_options options_;
};

}  // namespace typeformer
