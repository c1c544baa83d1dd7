// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/generates_tokens.hpp>
#include <typeformer/generation/generation_request.hpp>
#include <typeformer/generation/sampler.hpp>

namespace typeformer {

/// Continues a prompt token by token. In each step the sampler chooses a token from the logits, and `on_token(id)` is
/// called with it. Generation ends as the request says, when `on_token` returns false, when the context is full, or
/// when the sampler finds no token. The session has then cached all tokens but the last.
///
/// `Session` is a `session` of batch 1; `workspace` has `S::workspace_size(vocabulary)` candidates.
/// Errors: a request out of range or a workspace that is too small; those of `session::prefill` for the prompt; a
/// sampler that chooses a token outside the vocabulary.
template <class Session, class S, class Generator, class OnToken>
constexpr if_generates<Session, result<generated_text, inference_error>> generate(
    Session& session, const generation_request& request, const S& sampler, std::span<candidate> workspace,
    Generator& generator, OnToken&& on_token) {
  if (const auto checked = check_request(request, 0, Session::vocabulary); !checked) return failure{checked.error()};
  if (const auto room = check_workspace<S>(workspace, Session::vocabulary); !room) return failure{room.error()};
  growing_text text{request};
  auto logits = session.prefill(request.prompt);
  while (true) {
    if (!logits) return failure{logits.error()};
    if (!text.goes_on()) return text.text();
    const std::int32_t id = sampler(*logits, workspace, generator);
    if (const auto known = check_choice(id, 0, Session::vocabulary); !known) return failure{known.error()};
    text.take(id, on_token);
    if (text.goes_on() && !has_room_after<Session>(session.length())) text.end(text_ending::context_is_full);
    if (!text.goes_on()) return text.text();
    logits = session.decode(id);
  }
}

/// The same with a prompt and the greatest number of tokens. Returns the number of generated tokens.
template <class Session, class S, class Generator, class OnToken>
constexpr if_generates<Session, result<index_type, inference_error>> generate(
    Session& session, std::span<const std::int32_t> prompt, index_type most, const S& sampler,
    std::span<candidate> workspace, Generator& generator, OnToken&& on_token) {
  const generation_request request{.prompt = prompt, .max_tokens = most};
  const auto text = generate(session, request, sampler, workspace, generator, on_token);
  if (!text) return failure{text.error()};
  return text->count;
}
template <class Session, class... Arguments, class Why = generation_of<Session>>
  requires(!fits_together<Why>)
void generate(Session&, Arguments&&...) = delete;

}  // namespace typeformer
