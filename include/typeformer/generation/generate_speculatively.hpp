// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/drafter.hpp>
#include <typeformer/generation/generates_tokens.hpp>
#include <typeformer/generation/generation_request.hpp>
#include <typeformer/generation/rejection_sampling.hpp>

namespace typeformer {

/// A text, and how many drafts of the small model were accepted.
struct speculated_text : generated_text {
  index_type drafted = 0, accepted = 0;  ///< tokens
  index_type passes = 0;                 ///< forward passes of the large model, including those of the prompt
};

namespace error {
/// The drafts are judged in one pass, by the logits of every token. This needs the option `all_logits`.
template <class Large> struct the_large_session_has_no_logits_of_all_tokens : mismatch {};
template <class LargeVocabulary, class SmallVocabulary> struct two_sessions_have_different_vocabularies : mismatch {};
template <class Batch, class Session> struct speculation_continues_one_sequence : mismatch {};
}  // namespace error

namespace detail {

template <class Session> constexpr auto checked_speculator() {
  if constexpr (!fits_together<generation_of<Session>>) return generation_of<Session>{};
  else if constexpr (Session::reserved.batch != 1)
    return error::speculation_continues_one_sequence<batch<Session::reserved.batch>, Session>{};
  else return typename Session::rewinding{};
}
template <class Large, class Small> constexpr auto checked_speculation() {
  using large = decltype(checked_speculator<Large>());
  if constexpr (!fits_together<large>) return large{};
  else if constexpr (!Large::has_all_logits) return error::the_large_session_has_no_logits_of_all_tokens<Large>{};
  else if constexpr (Large::vocabulary != Small::vocabulary)
    return error::two_sessions_have_different_vocabularies<vocabulary<Large::vocabulary>,
                                                           vocabulary<Small::vocabulary>>{};
  else return checked_speculator<Small>();
}

}  // namespace detail

/// Nothing, or the mismatch if one session cannot judge the drafts of the other.
template <class Large, class Small> using speculation_of = decltype(detail::checked_speculation<Large, Small>());

/// Continues a prompt as `generate` does with a large model. A small model drafts up to `drafts` tokens, which the
/// large one then judges in one pass: speculative decoding (Leviathan et al. 2023, arXiv:2211.17192, algorithm 1).
///
/// The text has the distribution of the large model's text. With a sampler that keeps one candidate, `top_k::of(1)`, it
/// is the greedy text of the large model. `S` is a `sampling`, which is applied to both models. Filters with a memory
/// are told the tokens of the text, not the drafts. Both sessions have one sequence and the same vocabulary. The large
/// one has `all_logits`. A draft has at most as many tokens as its `tokens<T>` - 1, and as the workspace holds.
///
/// Before and after the call, even after an error, both sessions have cached the same tokens: all but the last one, or
/// all if the sampler finds no token. If the context of the small session ends before that, it stops there and drafts
/// no more.
/// Errors: a request or a number of drafts out of range; a workspace that is too small; sessions with different numbers
/// of cached tokens; a prompt that has no tokens, is too long for the large session or is outside the vocabulary; those
/// of `session::prefill`; a sampler that chooses a token outside the vocabulary.
template <class Large, class Small, class S, class Generator, class OnToken>
  requires(bool{fits_together<speculation_of<Large, Small>>})
constexpr result<speculated_text, inference_error> generate_speculatively(Large& large, Small& small,
                                                                          const generation_request& request,
                                                                          index_type drafts, const S& sampler,
                                                                          speculation_workspace workspace,
                                                                          Generator& generator, OnToken&& on_token) {
  constexpr index_type most_rows = Large::reserved.tokens, context = Large::reserved.context;
  using problem = inference_error::problem;
  const index_type length = index_type(request.prompt.size());
  if (const auto checked = check_request(request, 0, Large::vocabulary); !checked) return failure{checked.error()};
  if (const auto room = check_workspace<S>(workspace.candidates, Large::vocabulary); !room)
    return failure{room.error()};
  if (drafts < 0) return rejected(problem::drafts_are_negative, 0, drafts, 0);
  const index_type before = large.length();
  if (before <= Small::reserved.context && small.length() != before)
    return rejected(problem::sessions_have_cached_different_lengths, 0, small.length(), before);
  if (length == 0) return failure{inference_error{problem::no_tokens, 0, 0, 1}};
  if (const index_type after = before + length; after > context)
    return failure{inference_error{problem::context_is_full, 0, after, context}};
  if (const auto known = check_ids(0, request.prompt, Large::vocabulary); !known) return failure{known.error()};
  drafts = (std::min)({drafts, most_rows - 1, index_type(workspace.probabilities.size()) / Large::vocabulary});

  speculated_text done;
  growing_text text{request};
  detail::drafter<Small> drafter{small, workspace, before};
  // The last token of the text, the drafts, and after them the large model's token if it accepts all drafts.
  std::array<std::int32_t, std::size_t(most_rows) + 1> row{request.prompt.back()};
  const auto start = [&]() -> result<void, inference_error> {
    if (const auto head = request.prompt.first(std::size_t(length - (request.max_tokens > 0))); !head.empty()) {
      ++done.passes;
      if (const auto taken = large.prefill(head); !taken) return failure{taken.error()};
      if (const auto taken = drafter.start(head); !taken) return taken;
    }
    return request.max_tokens > 0 ? drafter.append(row[0]) : result<void, inference_error>{};
  };
  const auto go_on = [&]() -> result<void, inference_error> {
    const index_type cached = large.length();
    if (cached == context) {
      text.end(text_ending::context_is_full);
      return {};
    }
    const index_type wanted = (std::min)(
        {drafts, request.max_tokens - text.text().count - 1, context - cached - 1, drafter.max_drafts(cached)});
    const std::span<std::int32_t> next = std::span{row}.subspan(1, std::size_t(std::max<index_type>(wanted, 0)));
    const auto drafted = drafter.draft(next, sampler, generator);
    if (!drafted) return failure{drafted.error()};
    const auto judged = large.prefill(std::span<const std::int32_t>{row}.first(std::size_t(*drafted) + 1));
    if (!judged) return failure{judged.error()};
    ++done.passes;
    done.drafted += *drafted;

    index_type told = 0;
    result<void, inference_error> known{};
    for (bool goes_on = true; goes_on && text.goes_on();) {
      candidates distribution = sampler.distribution(*large.logits(0, told), workspace.candidates);
      drafted_or_drawn chosen;
      if (told < *drafted)
        chosen = accept_or_draw(distribution, drafter.probabilities(told), next[std::size_t(told)], generator);
      else chosen.id = S::draw(distribution, generator);
      if (known = check_choice(chosen.id, 0, Large::vocabulary); !known) break;
      if (chosen.id != no_token) sampler.tell(chosen.id);
      text.take(chosen.id, on_token);
      if (chosen.id == no_token) break;
      done.accepted += chosen.is_accepted;
      goes_on = chosen.is_accepted;
      row[std::size_t(++told)] = chosen.id;
    }
    const bool found_none = !known || text.text().ending == text_ending::nothing_to_choose;
    (void)large.truncate(0, cached + told + found_none);  // never more than it has
    const auto of_text = std::span<const std::int32_t>{row}.first(std::size_t(told) + 1);
    const auto kept = drafter.keep(large.length(), cached + told + 1, of_text);
    row[0] = of_text.back();
    return known ? kept : known;
  };
  auto went = start();
  while (went && text.goes_on()) went = go_on();
  const auto read = drafter.catch_up(large.length());
  if (!drafter.is_lost()) {  // even after an error
    (void)small.truncate(0, large.length());
    (void)large.truncate(0, small.length());
  }
  if (!went) return failure{went.error()};
  if (!read) return failure{read.error()};
  static_cast<generated_text&>(done) = text.text();
  return done;
}
template <class Large, class Small, class S, class Generator, class OnToken, class Why = speculation_of<Large, Small>>
  requires(!fits_together<Why>)
void generate_speculatively(Large&, Small&, const generation_request&, index_type, const S&, speculation_workspace,
                            Generator&, OnToken&&) = delete;

}  // namespace typeformer
