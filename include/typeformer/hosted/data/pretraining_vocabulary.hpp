// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/check_documents.hpp>
#include <typeformer/hosted/data/document_source.hpp>
#include <typeformer/hosted/data/token_role.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/text/wordpiece.hpp>

namespace typeformer {

/// What an encoder's pre-training needs of a vocabulary: its size, three special tokens, and which tokens continue a
/// word.
class pretraining_vocabulary {
 public:
  struct special_tokens {
    std::int32_t classification = 0, separator = 0, mask = 0;
  };

  /// `continues_word(id)` says whether a piece belongs to the word before it. Error: no tokens, or a special token that
  /// is not one of them.
  template <class ContinuesWord>
  static result<pretraining_vocabulary, training_error> of(std::int32_t size, special_tokens special,
                                                           ContinuesWord&& continues_word) {
    for (const std::int32_t id : {special.classification, special.separator, special.mask})
      if (id < 0 || id >= size) return failure{outside(id, size)};
    pretraining_vocabulary vocabulary;
    vocabulary.special_ = special;
    vocabulary.roles_.resize(static_cast<std::size_t>(size));
    for (std::int32_t id = 0; id < size; ++id)
      vocabulary.roles_[static_cast<std::size_t>(id)] =
          continues_word(id) ? token_role::continues_word : token_role::begins_word;
    for (const std::int32_t id : {special.classification, special.separator, special.mask})
      vocabulary.roles_[static_cast<std::size_t>(id)] = token_role::never_hidden;
    return result<pretraining_vocabulary, training_error>(std::move(vocabulary));
  }

  /// Error: `[CLS]`, `[SEP]` or `[MASK]` is missing.
  static result<pretraining_vocabulary, training_error> of(const wordpiece& pieces) {
    const auto classification = pieces.classification_id(), separator = pieces.separator_id(), mask = pieces.mask_id();
    for (const auto* const id : {&classification, &separator, &mask})
      if (!*id) return failure{training_error{training_error::problem::outside_vocabulary, id->error().message()}};
    return of(pieces.size(), {*classification, *separator, *mask},
              [&](std::int32_t id) { return pieces.continues_word(id); });
  }

  std::int32_t size() const { return static_cast<std::int32_t>(roles_.size()); }
  std::int32_t classification() const { return special_.classification; }
  std::int32_t separator() const { return special_.separator; }
  std::int32_t mask() const { return special_.mask; }
  /// Precondition: 0 <= id < size(), else it traps.
  token_role role_of(std::int32_t id) const {
    if (id < 0 || id >= size()) __builtin_trap();
    return roles_[static_cast<std::size_t>(id)];
  }

  /// Error: a token of the documents is not in the vocabulary.
  result<void, training_error> check(std::span<const token_document> documents) const {
    return check_documents(documents, size());
  }

 private:
  pretraining_vocabulary() = default;
  static training_error outside(std::int32_t id, std::int32_t size) {
    return {training_error::problem::outside_vocabulary, "expected tokens of the vocabulary, which ends at " +
                                                             std::to_string(size) + ", found " + std::to_string(id)};
  }

  special_tokens special_;
  std::vector<token_role> roles_;
};

}  // namespace typeformer
