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

/// Forgets what a sequence remembers beyond the longest common prefix with a new prompt, and gives its length: prefill
/// the rest of the prompt. At least one token is left to be taken, because only then there are logits.
///
/// `remembered` are the tokens that the sequence took so far; it may hold more than the session still remembers.
/// Error: no such sequence.
template <class Session>
  requires(bool{Rewindable<Session>})
constexpr result<index_type, inference_error> keep_common_prefix(Session& session, index_type sequence,
                                                                 std::span<const std::int32_t> remembered,
                                                                 std::span<const std::int32_t> prompt) {
  const auto common = std::ranges::mismatch(remembered, prompt).in1 - remembered.begin();
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

/// Takes a prompt of which the only sequence may remember the beginning: what the prompt shares with `remembered` is
/// not computed again. Gives the logits of the prompt's last token: as if a fresh session had taken the prompt in these
/// two parts.
///
/// Errors: those of `session::prefill`; the sequence has then forgotten all but the common prefix.
template <class Session>
  requires(bool{Rewindable<Session>})
constexpr result<std::span<const float>, inference_error> prefill_with_reuse(Session& session,
                                                                             std::span<const std::int32_t> remembered,
                                                                             std::span<const std::int32_t> prompt) {
  const auto kept = keep_common_prefix(session, 0, remembered, prompt);
  if (!kept) return failure{kept.error()};
  return session.prefill(prompt.subspan(std::size_t(*kept)));
}
template <class Session, class Why = typename Session::rewinding>
  requires(!fits_together<Why>)
void prefill_with_reuse(Session&, std::span<const std::int32_t>, std::span<const std::int32_t>) = delete;

}  // namespace typeformer
