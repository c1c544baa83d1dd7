// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// Truncates a sequence to the longest common prefix with a new prompt and returns its length. The caller then prefills
/// the rest of the prompt. At least one token of the prompt remains, because only new tokens have logits.
///
/// `taken` are the tokens that the sequence has taken so far; they may be more than the session has cached. Error:
/// sequence index out of range.
template <class Session>
  requires(bool{Rewindable<Session>})
constexpr result<index_type, inference_error> keep_common_prefix(Session& session, index_type sequence,
                                                                 std::span<const std::int32_t> taken,
                                                                 std::span<const std::int32_t> prompt) {
  const auto common = std::ranges::mismatch(taken, prompt).in1 - taken.begin();
  const auto length = session.length(sequence);
  if (!length) return length;
  const index_type kept =
      (std::min)({index_type(common), *length, std::max<index_type>(index_type(prompt.size()) - 1, 0)});
  if (const auto forgotten = session.truncate(sequence, kept); !forgotten) return failure{forgotten.error()};
  return kept;
}

template <class Session, class Why = typename Session::rewinding>
  requires(!fits_together<Why>)
void keep_common_prefix(Session&, index_type, std::span<const std::int32_t>, std::span<const std::int32_t>) = delete;

/// Takes a prompt whose beginning the only sequence may have cached. The common prefix with `taken` is not
/// computed again. Returns the logits of the prompt's last token, as if a new session had taken the prompt in these two
/// parts.
///
/// Errors: those of `session::prefill`. After an error only the common prefix is cached.
template <class Session>
  requires(bool{Rewindable<Session>})
constexpr result<std::span<const float>, inference_error> prefill_with_reuse(Session& session,
                                                                             std::span<const std::int32_t> taken,
                                                                             std::span<const std::int32_t> prompt) {
  const auto kept = keep_common_prefix(session, 0, taken, prompt);
  if (!kept) return failure{kept.error()};
  return session.prefill(prompt.subspan(std::size_t(*kept)));
}
template <class Session, class Why = typename Session::rewinding>
  requires(!fits_together<Why>)
void prefill_with_reuse(Session&, std::span<const std::int32_t>, std::span<const std::int32_t>) = delete;

}  // namespace typeformer
