// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/sampler.hpp>

namespace typeformer {

/// Continues a prompt token by token: after each step the sampler chooses from the logits, and `on_token(id)` hears of
/// it at once; generation ends when that returns false, after `most` tokens, when the context is full, or when the
/// sampler finds no token. Gives the number of tokens chosen.
///
/// `Session` is a `session` of batch 1; `workspace` has `S::workspace_size(vocabulary)` candidates.
/// Errors: those of `session::prefill` for the prompt.
template <class Session, class S, class Generator, class OnToken>
constexpr result<index, inference_error> generate(Session& session, std::span<const std::int32_t> prompt, index most,
                                                  const S& sampler, std::span<candidate> workspace,
                                                  Generator& generator, OnToken&& on_token) {
  auto logits = session.prefill(prompt);
  if (!logits) return failure{logits.error()};
  for (index chosen = 0; chosen < most; ++chosen) {
    const std::int32_t id = sampler(*logits, workspace, generator);
    if (id == no_token) return chosen;
    if (!on_token(id) || chosen + 1 == most) return chosen + 1;
    if (session.length() == Session::reserved.context) return chosen + 1;
    logits = session.decode(id);
    if (!logits) return failure{logits.error()};
  }
  return most;
}

}  // namespace typeformer
