// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/beam_search_settings.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer::detail {

/// Errors: senseless settings, beams beyond the session's batch, an end token that is no token, a prompt without tokens,
/// no context for a prompt and all but the last token of `max_tokens`.
template <class Session>
constexpr result<void, beam_search_error> check_beam_search(std::span<const std::span<const std::int32_t>> prompts,
                                                            const beam_search_settings& settings) {
  using problem = beam_search_error::problem;
  using session_problem = inference_error::problem;
  constexpr capacities reserved = Session::reserved;
  const auto rejected = [](const inference_error& error) {
    return failure{beam_search_error{problem::session, error}};
  };
  if (settings.beams < 1) return failure{beam_search_error{problem::beams_are_less_than_one}};
  if (settings.max_tokens < 1) return failure{beam_search_error{problem::max_tokens_is_less_than_one}};
  if (!is_finite(settings.length_penalty)) return failure{beam_search_error{problem::length_penalty_is_not_finite}};
  if (settings.beams > reserved.batch || index_type(prompts.size()) > reserved.batch / settings.beams)
    return failure{beam_search_error{problem::beams_of_all_prompts_exceed_the_batch}};
  if (const auto known = check_ids(0, settings.end_tokens, Session::vocabulary); !known) return rejected(known.error());
  for (std::size_t p = 0; p < prompts.size(); ++p) {
    if (prompts[p].empty()) return rejected({session_problem::no_tokens, index_type(p), 0, 1});
    const index_type after = index_type(prompts[p].size()) - 1 + (std::min)(settings.max_tokens, reserved.context + 1);
    if (after > reserved.context)
      return rejected({session_problem::context_is_full, index_type(p), after, reserved.context});
  }
  return {};
}

}  // namespace typeformer::detail
