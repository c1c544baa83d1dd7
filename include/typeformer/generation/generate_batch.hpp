// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/generates_tokens.hpp>
#include <typeformer/generation/generation_request.hpp>

namespace typeformer {

/// Continues a prompt in every sequence of a session at once, as `generate` does for one: request s in sequence s.
/// Texts may end at different times. A sequence that has ended is idle and costs nothing.
///
/// In each step `choose(sequence, logits)` returns the next token of every sequence that has not ended, or `no_token`.
/// Then `on_token(sequence, id)` is called; false ends the sequence. Use a separate generator for each sequence, such
/// as a stream of `philox`: then a text does not depend on the length of the others.
/// Writes texts[s].
/// Errors: more requests than sequences or texts; a request without a prompt or out of range; those of
/// `session::prefill`; a choice outside the vocabulary. After an error the texts hold what was generated before it.
template <class Session, class Choose, class OnToken>
  requires(bool{fits_together<generation_of<Session>>})
constexpr result<void, inference_error> generate_batch(Session& session, std::span<const generation_request> requests,
                                                       std::span<generated_text> texts, Choose&& choose,
                                                       OnToken&& on_token) {
  constexpr std::size_t batch = std::size_t(Session::reserved.batch);
  using problem = inference_error::problem;
  if (texts.size() < requests.size())
    return rejected(problem::wrong_size, 0, texts.size(), index_type(requests.size()));
  if (requests.size() > batch)
    return failure{inference_error{problem::too_many_sequences, 0, std::int64_t(requests.size()), index_type(batch)}};
  std::array<std::span<const std::int32_t>, batch> prompts{};
  std::array<growing_text, batch> growing{};
  std::array<std::int32_t, batch> next{};
  for (std::size_t s = 0; s < requests.size(); ++s) {
    if (requests[s].prompt.empty()) return failure{inference_error{problem::no_tokens, index_type(s), 0, 1}};
    if (const auto checked = check_request(requests[s], index_type(s), Session::vocabulary); !checked) return checked;
    prompts[s] = requests[s].prompt;
    growing[s] = growing_text{requests[s]};
  }
  auto taken = session.prefill(std::span<const std::span<const std::int32_t>>{prompts}.first(requests.size()));
  while (taken) {
    bool any = false;
    for (std::size_t s = 0; taken && s < requests.size(); ++s) {
      growing_text& text = growing[s];
      next[s] = no_token;
      if (!text.goes_on()) continue;
      const std::int32_t id = choose(index_type(s), *session.logits(index_type(s)));
      if (taken = check_choice(id, index_type(s), Session::vocabulary); !taken) break;
      text.take(id, [&](std::int32_t chosen) { return on_token(index_type(s), chosen); });
      if (text.goes_on() && !has_room_after<Session>(*session.length(index_type(s))))
        text.end(text_ending::context_is_full);
      if (text.goes_on()) next[s] = id;
      any = any || text.goes_on();
    }
    if (!taken || !any) break;
    taken = session.decode(std::span<const std::int32_t>{next}.first(requests.size()));
  }
  for (std::size_t s = 0; s < requests.size(); ++s) texts[s] = growing[s].text();
  return taken;
}
template <class Session, class Choose, class OnToken, class Why = generation_of<Session>>
  requires(!fits_together<Why>)
void generate_batch(Session&, std::span<const generation_request>, std::span<generated_text>, Choose&&,
                    OnToken&&) = delete;

}  // namespace typeformer
