// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <typeformer/hosted/tokenizers/gguf_splitters.hpp>
#include <typeformer/text/pre_tokenizers.hpp>

namespace typeformer {

namespace detail {

/// The expression that a step splits by; nothing: none of those that GGUF's splitters have.
inline std::optional<std::string_view> expression_of(const pre_tokenizers::split& step) {
  if (step.pattern.as_character_test() != nullptr) {
    const auto test = *step.pattern.as_character_test();
    if (step.is_inverted) return {};
    if (test == is_numeric && step.behavior == split_behavior::isolated) return splitting::number;
    if (test == is_numeric && step.behavior == split_behavior::contiguous) return splitting::numbers;
    if (test == is_punctuation && step.behavior == split_behavior::contiguous) return splitting::falcon_punctuation;
    return {};
  }
  // What is kept of a text where all that does not match is removed: everything, since the expressions match all of it.
  const bool keeps_matches = step.behavior == split_behavior::removed && step.is_inverted;
  const bool is_isolated = step.behavior == split_behavior::isolated && !step.is_inverted;
  if (step.pattern.source().empty() || !(is_isolated || keeps_matches)) return {};
  return step.pattern.source();
}

inline bool has_expressions(const gguf_splitter& splitter, const std::vector<std::string_view>& expressions) {
  if (expressions.size() > splitter.expressions.size()) return false;
  for (std::size_t i = 0; i < splitter.expressions.size(); ++i)
    if (splitter.expressions[i] != (i < expressions.size() ? expressions[i] : std::string_view{})) return false;
  return true;
}

}  // namespace detail

/// The splitter of `gguf_splitters` that does what the steps of a byte-level tokenizer do, and whether a space is put
/// before a text. Null: there is none.
///
/// `wanted` says what else it must do; `adds_begin`, which a file may say, and its expressions are not looked at.
struct found_splitter {
  const gguf_splitter* splitter = nullptr;
  bool adds_space = false;
};
inline found_splitter gguf_splitter_of(const std::vector<pre_tokenizers::step>& steps, const gguf_splitter& wanted) {
  found_splitter found;
  std::vector<std::string_view> expressions;
  for (const pre_tokenizers::step& step : steps) {
    if (const auto* const split = std::get_if<pre_tokenizers::split>(&step)) {
      const auto expression = detail::expression_of(*split);
      if (!expression) return {};
      expressions.push_back(*expression);
    } else if (const auto* const bytes = std::get_if<pre_tokenizers::byte_level>(&step)) {
      if (bytes->adds_space && !expressions.empty()) return {};
      found.adds_space = found.adds_space || bytes->adds_space;
      if (bytes->splits) expressions.push_back(detail::splitting::gpt2);
    } else {
      return {};
    }
  }
  for (const gguf_splitter& each : gguf_splitters)
    if (found.splitter == nullptr && each.ignores_merges == wanted.ignores_merges && each.composes == wanted.composes &&
        each.mask_strips_left == wanted.mask_strips_left && detail::has_expressions(each, expressions))
      found.splitter = &each;
  return found;
}

}  // namespace typeformer
