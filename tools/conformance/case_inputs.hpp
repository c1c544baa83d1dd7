// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>

#include <typeformer/objectives/objective.hpp>

#include "tensors.hpp"

namespace typeformer::conformance {

/// What an encoder's case computes besides hidden states and attentions; a case that does not say it is one of masked
/// tokens, or of pre-training.
enum class case_kind {
  unsaid,
  mlm,
  token,             ///< a class for each token
  token1,            ///< whether each token was replaced
  answer,            ///< where an answer begins and ends
  sequence,          ///< a class for each sequence
  sequence_numbers,  ///< real targets for each sequence
  sequence_flags,    ///< several labels for each sequence, each true or false
  hidden             ///< no head; gradients are those of the sum over upstream gradient times output
};

/// The numbers of tokens of a case; 0 for those that it does not have.
struct case_shape {
  index_type batch, length;      ///< of `input_ids`, or of `input_features`
  index_type channels = 0;       ///< of `input_features`
  index_type target_length = 0;  ///< of `decoder_input_ids`, or of the labels that they follow from
  index_type prompts = 0;        ///< of `gen.prompt_ids`
  case_kind kind = case_kind::unsaid;
};

/// The case's attention_mask; empty if it has none.
inline std::vector<std::uint8_t> valid_of(const checkpoint_file& given) {
  std::vector<std::uint8_t> valid;
  for (const std::int64_t flag : read_ids(given, "attention_mask")) valid.push_back(flag != 0);
  return valid;
}

/// Whether a mask hides a whole sequence. Then the reference's result depends on how it represents minus infinity.
template <index_type Length> bool hides_a_whole_sequence(const std::vector<std::uint8_t>& valid) {
  for (auto sequence = valid.begin(); sequence != valid.end(); sequence += Length)
    if (std::find(sequence, sequence + Length, 1) == sequence + Length) return true;
  return false;
}

/// The integers of a tensor, each in [0, limit) or `otherwise`; nothing (with a message) if one is neither.
inline std::optional<std::vector<std::int32_t>> integers_of(const checkpoint_file& given, std::string_view name,
                                                            std::int64_t limit,
                                                            std::optional<std::int64_t> otherwise = {}) {
  std::vector<std::int32_t> integers;
  for (const std::int64_t id : read_ids(given, name)) {
    if ((id < 0 || id >= limit) && id != otherwise)
      return std::fprintf(stderr, "%lld of %s lies outside [0, %lld)\n", static_cast<long long>(id),
                          std::string(name).c_str(), static_cast<long long>(limit)),
             std::nullopt;
    integers.push_back(static_cast<std::int32_t>(id));
  }
  return integers;
}

/// The targets of a tensor; -100 is none.
inline std::optional<std::vector<std::int32_t>> labels_of(const checkpoint_file& given, std::string_view name,
                                                          std::int64_t classes) {
  return integers_of(given, name, classes, no_label);
}

inline std::vector<std::span<const std::int32_t>> rows_of(const std::vector<std::int32_t>& tokens,
                                                          std::int64_t length) {
  std::vector<std::span<const std::int32_t>> rows;
  for (std::size_t first = 0; first < tokens.size(); first += static_cast<std::size_t>(length))
    rows.emplace_back(tokens.data() + first, static_cast<std::size_t>(length));
  return rows;
}

}  // namespace typeformer::conformance
