// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/data/pretraining_instance.hpp>
#include <typeformer/hosted/data/pretraining_vocabulary.hpp>
#include <typeformer/hosted/data/shuffle.hpp>

namespace typeformer {

struct full_sentence_options {
  index_type tokens = 128;  ///< at most, of a whole instance
};

/// Makes instances `[CLS] text [SEP]` of one segment, packed with whole sentences, as RoBERTa does without a task for
/// the sequence (Liu et al. 2019, arXiv:1907.11692, §4.2, FULL-SENTENCES).
///
/// Documents are taken in a random order. If one ends and the next begins within an instance, an extra separator is
/// between them. A sentence that is longer than an instance is distributed over as many as it needs. Precondition:
/// tokens >= 3, every id in the vocabulary; else it traps. Cost: linear in the tokens.
class full_sentences {
 public:
  full_sentences(pretraining_vocabulary vocabulary, full_sentence_options options = {})
      : vocabulary_{std::move(vocabulary)}, options_{options} {
    if (options.tokens < 3) __builtin_trap();
  }

  const pretraining_vocabulary& vocabulary() const { return vocabulary_; }
  index_type tokens() const { return options_.tokens; }
  /// Error: a token is not in the vocabulary.
  result<void, training_error> check(std::span<const token_document> documents) const {
    return vocabulary_.check(documents);
  }

  std::vector<pretraining_instance> operator()(std::span<const token_document> documents, philox& generator) const {
    const std::size_t most = static_cast<std::size_t>(options_.tokens) - 2;
    std::vector<pretraining_instance> instances;
    std::vector<std::int32_t> text;
    const auto finish = [&] {
      if (!text.empty()) instances.push_back(instance_of(text));
      text.clear();
    };
    for (const std::size_t which : shuffled(documents.size(), generator)) {
      bool begins_document = true;
      for (const auto& sentence : documents[which]) {
        if (sentence.empty()) continue;
        const bool separated = std::exchange(begins_document, false) && !text.empty();
        if (text.size() + separated + sentence.size() > most) finish();
        else if (separated) text.push_back(vocabulary_.separator());
        std::span<const std::int32_t> rest{sentence};
        for (; rest.size() > most; rest = rest.subspan(most)) {
          text.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(most));
          finish();
        }
        text.insert(text.end(), rest.begin(), rest.end());
      }
    }
    finish();
    return instances;
  }

 private:
  pretraining_instance instance_of(std::span<const std::int32_t> text) const {
    pretraining_instance instance;
    instance.tokens.push_back(vocabulary_.classification());
    instance.tokens.insert(instance.tokens.end(), text.begin(), text.end());
    instance.tokens.push_back(vocabulary_.separator());
    instance.segments.resize(instance.tokens.size(), 0);
    for (const std::int32_t id : instance.tokens) instance.roles.push_back(vocabulary_.role_of(id));
    return instance;
  }

  pretraining_vocabulary vocabulary_;
  full_sentence_options options_;
};

}  // namespace typeformer
