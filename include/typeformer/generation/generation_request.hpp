// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/stop_sequence.hpp>

namespace typeformer {

/// A prompt, and the conditions that end the text.
struct generation_request {
  std::span<const std::int32_t> prompt{};
  index_type max_tokens = 0;  ///< generated tokens
  std::span<const std::int32_t> end_tokens{};
  std::span<stop_sequence> stop_sequences{};  ///< not shared between requests, because they have a state
};

/// Errors: a negative number of tokens; end tokens that are not in the vocabulary.
constexpr result<void, inference_error> check_request(const generation_request& request, index_type sequence,
                                                      index_type vocabulary) {
  if (request.max_tokens < 0)
    return rejected(inference_error::problem::max_tokens_is_negative, sequence, request.max_tokens, 0);
  if (const auto known = check_ids(sequence, request.end_tokens, vocabulary); !known) return known;
  for (const stop_sequence& stop : request.stop_sequences)
    if (const auto known = check_ids(sequence, stop.tokens(), vocabulary); !known) return known;
  return {};
}

/// Error: the chosen token is neither in the vocabulary nor `no_token`.
constexpr result<void, inference_error> check_choice(std::int32_t id, index_type sequence, index_type vocabulary) {
  if (id == no_token || (id >= 0 && id < vocabulary)) return {};
  return rejected(inference_error::problem::id_outside_vocabulary, sequence, id, vocabulary);
}

/// Error: the workspace is too small for the sampler.
template <class S>
constexpr result<void, inference_error> check_workspace(std::span<const candidate> workspace, index_type vocabulary) {
  const index_type needed = S::workspace_size(vocabulary);
  if (index_type(workspace.size()) < needed)
    return rejected(inference_error::problem::workspace_is_too_small, 0, workspace.size(), needed);
  return {};
}

/// Why a text ended.
enum class text_ending {
  most_tokens,
  end_token,         ///< the last token is an end token
  stop_sequence,     ///< the last tokens are a stop sequence
  asked_for,         ///< `on_token` returned false
  context_is_full,   ///< the session has no room for the last token
  nothing_to_choose  ///< the sampler found no token
};

/// The result of `generate` for a request.
struct generated_text {
  index_type count = 0;  ///< number of tokens, including those that ended it
  text_ending ending = text_ending::most_tokens;
  index_type ending_length = 0;  ///< how many of the last tokens are the end token or the stop sequence
};

/// The text of a request during generation.
class growing_text {
 public:
  constexpr growing_text() = default;
  constexpr explicit growing_text(const generation_request& request)
      : request_{&request}, goes_on_{request.max_tokens > 0} {}

  constexpr bool goes_on() const { return goes_on_; }
  constexpr const generated_text& text() const { return text_; }

  constexpr void end(text_ending why) {
    goes_on_ = false;
    text_.ending = why;
  }

  /// Adds the chosen token, passes it to all stop sequences, and calls `on_token(id)`. The text ends if that returns
  /// false.
  template <class OnToken> constexpr void take(std::int32_t id, OnToken&& on_token) {
    if (id == no_token) return end(text_ending::nothing_to_choose);
    ++text_.count;
    for (stop_sequence& stop : request_->stop_sequences)
      if (stop.hear(id)) text_.ending_length = (std::max)(text_.ending_length, stop.length());
    const bool is_wanted = on_token(id);
    if (std::ranges::find(request_->end_tokens, id) != request_->end_tokens.end()) {
      text_.ending_length = 1;
      return end(text_ending::end_token);
    }
    if (text_.ending_length > 0) return end(text_ending::stop_sequence);
    if (!is_wanted) return end(text_ending::asked_for);
    if (text_.count == request_->max_tokens) return end(text_ending::most_tokens);
  }

 private:
  const generation_request* request_ = nullptr;
  generated_text text_{};
  bool goes_on_ = false;
};

}  // namespace typeformer
