// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/data/pretraining_instance.hpp>
#include <typeformer/hosted/data/pretraining_vocabulary.hpp>

namespace typeformer::testing {

struct instance_rules {
  std::size_t tokens = 128;
  index_type most_predictions = 20;
  double fraction = 0.15;
  bool whole_words = false;
};

/// The first rule of BERT's pre-training pairs that an instance breaks, for instances of any origin; empty if there is
/// none.
inline std::string broken_rule(const masked_instance& instance, const pretraining_vocabulary& vocabulary,
                               instance_rules rules = {}) {
  const auto& [ids, labels] = std::tie(instance.ids, instance.labels);
  const std::size_t size = ids.size();
  if (size < 5 || size > rules.tokens) return "size " + std::to_string(size);
  if (labels.size() != size || instance.tokens.size() != size || instance.segments.size() != size ||
      instance.roles.size() != size)
    return "sizes differ";
  std::vector<std::size_t> separators;
  for (std::size_t i = 0; i < size; ++i)
    if (instance.tokens[i] == vocabulary.separator()) separators.push_back(i);
  if (separators.size() != 2 || separators[1] != size - 1) return "not two separators, the second last";
  if (separators[0] < 2 || separators[0] + 2 > separators[1]) return "an empty segment";
  if (std::ranges::count(instance.tokens, vocabulary.classification()) != 1 ||
      instance.tokens.front() != vocabulary.classification())
    return "not one [CLS], the first";
  for (std::size_t i = 0; i < size; ++i)
    if (instance.segments[i] != (i <= separators[0] ? 0 : 1)) return "segment of token " + std::to_string(i);
  if (instance.label != 0 && instance.label != 1) return "label " + std::to_string(instance.label);

  index_type predictions = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const token_role role = vocabulary.role_of(instance.tokens[i]);
    if (instance.roles[i] != role) return "role of token " + std::to_string(i);
    if (labels[i] == no_label && ids[i] != instance.tokens[i]) return "a token without label has changed";
    if (labels[i] != no_label && labels[i] != instance.tokens[i]) return "a label does not restore the token";
    if (labels[i] != no_label && role == token_role::never_hidden) return "a special token was hidden";
    predictions += labels[i] != no_label;
    const bool in_word = role == token_role::continues_word && instance.roles[i - 1] != token_role::never_hidden;
    if (rules.whole_words && in_word && (labels[i] == no_label) != (labels[i - 1] == no_label)) return "half a word";
  }
  // Python's round and nearbyint treat halves in the same way.
  const auto wanted = std::min(rules.most_predictions,
                               std::max<index_type>(1, index_type(std::nearbyint(rules.fraction * double(size)))));
  if (rules.whole_words ? predictions > wanted : predictions != wanted)
    return std::to_string(predictions) + " predictions instead of " + std::to_string(wanted);
  return {};
}

/// The first or the second segment.
inline std::span<const std::int32_t> segment_of(const pretraining_instance& instance, int which) {
  const auto first = std::ranges::count(instance.segments, 0);
  const std::span all{instance.tokens};
  return which == 0 ? all.subspan(1, std::size_t(first) - 2)
                    : all.subspan(std::size_t(first), all.size() - std::size_t(first) - 1);
}

inline std::vector<std::int32_t> flat(const token_document& document) {
  std::vector<std::int32_t> tokens;
  for (const auto& sentence : document) tokens.insert(tokens.end(), sentence.begin(), sentence.end());
  return tokens;
}

/// A vocabulary with [PAD] [UNK] [CLS] [SEP] [MASK], then pieces that begin a word, then as many that continue one.
inline constexpr std::int32_t first_piece = 5;
inline pretraining_vocabulary vocabulary_of(std::int32_t size) {
  const auto vocabulary =
      pretraining_vocabulary::of(size, {2, 3, 4}, [&](std::int32_t id) { return id >= (size + first_piece) / 2; });
  REQUIRE(vocabulary);
  return *vocabulary;
}

/// Documents of 2 to 12 sentences of 1 to 20 words of 1 to 3 pieces.
inline std::vector<token_document> random_documents(std::size_t count, const pretraining_vocabulary& vocabulary,
                                                    std::uint64_t seed) {
  philox generator{seed};
  const auto from = [&](std::uint32_t least, std::uint32_t most) {
    return least + uniform_below(most - least + 1, generator);
  };
  const auto middle = std::uint32_t(vocabulary.size() + first_piece) / 2;
  std::vector<token_document> documents(count);
  for (token_document& document : documents) {
    document.resize(from(2, 12));
    for (auto& sentence : document)
      for (std::uint32_t words = from(1, 20); words > 0; --words) {
        sentence.push_back(std::int32_t(from(first_piece, middle - 1)));
        for (std::uint32_t pieces = from(0, 2); pieces > 0; --pieces)
          sentence.push_back(std::int32_t(from(middle, std::uint32_t(vocabulary.size()) - 1)));
      }
  }
  return documents;
}

}  // namespace typeformer::testing
