// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/generates_tokens.hpp>
#include <typeformer/generation/guidance.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// Two sessions of batch 1 that read the same tokens, as one for `generate`: its logits are a combination of theirs
/// (`classifier_free_guidance`, `contrastive_decoding`). They may be sessions of different models with one vocabulary.
///
/// The second session may begin with a prompt of its own: for guidance, what the text is without the condition, such as
/// the begin token alone. Cost: both sessions, and a pass over the vocabulary.
template <class First, class Second, LogitCombination Combine>
  requires(bool{fits_together<generation_of<First>>} && bool{fits_together<generation_of<Second>>})
class combined_sessions {
 public:
  static constexpr index_type vocabulary = First::vocabulary;
  static_assert(vocabulary == Second::vocabulary, "both models must have one vocabulary");
  static_assert(First::reserved.batch == 1 && Second::reserved.batch == 1, "each session has one sequence");
  /// The smaller context of the two.
  static constexpr capacities reserved = (Second::reserved.context) > (First::reserved.context) ? First::reserved
                                                                                                : Second::reserved;

  /// `row` is memory for the logits of the vocabulary; without it, `prefill` and `decode` are errors. The sessions, the
  /// row and the second prompt must outlive the object. An empty second prompt: both get the same.
  constexpr combined_sessions(First& first, Second& second, Combine combine, std::span<float> row,
                              std::span<const std::int32_t> second_prompt = {})
      : first_{&first}, second_{&second}, combine_{std::move(combine)}, row_{row}, second_prompt_{second_prompt} {}

  /// The tokens of the session that is nearer to the end of its context.
  constexpr index_type length() const { return (std::max)(first_->length(), second_->length()); }

  /// Both sessions start anew, which also leaves the second one's prompt behind.
  constexpr void reset() {
    first_->reset();
    second_->reset();
    has_begun_ = false;
  }
  /// The logits behind a prompt, which the second session gets only if it has no prompt of its own. A later call
  /// continues both texts. Errors: those of the sessions' `prefill`, behind which the sessions may hold different
  /// texts: `reset` them.
  constexpr result<std::span<const float>, inference_error> prefill(std::span<const std::int32_t> prompt) {
    const auto second_prompt = has_begun_ || second_prompt_.empty() ? prompt : second_prompt_;
    has_begun_ = true;
    if (const auto room = check_row(); !room) return failure{room.error()};
    const auto logits = first_->prefill(prompt);
    if (!logits) return failure{logits.error()};
    return combined(*logits, second_->prefill(second_prompt));
  }
  constexpr result<std::span<const float>, inference_error> decode(std::int32_t id) {
    if (const auto room = check_row(); !room) return failure{room.error()};
    const auto logits = first_->decode(id);
    if (!logits) return failure{logits.error()};
    return combined(*logits, second_->decode(id));
  }

 private:
  constexpr result<void, inference_error> check_row() const {
    if (index_type(row_.size()) >= vocabulary) return {};
    return rejected(inference_error::problem::workspace_is_too_small, 0, row_.size(), vocabulary);
  }
  constexpr result<std::span<const float>, inference_error> combined(
      std::span<const float> first, const result<std::span<const float>, inference_error>& second) {
    if (!second) return failure{second.error()};
    const std::span<float> row = row_.first(std::size_t(vocabulary));
    combine_(first, *second, row);
    return std::span<const float>{row};
  }

  First* first_;
  Second* second_;
  Combine combine_;
  std::span<float> row_;
  std::span<const std::int32_t> second_prompt_;
  bool has_begun_ = false;
};

}  // namespace typeformer
