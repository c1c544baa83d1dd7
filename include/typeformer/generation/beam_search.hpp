// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/beam_hypotheses.hpp>
#include <typeformer/generation/beam_paths.hpp>
#include <typeformer/generation/best_continuations.hpp>
#include <typeformer/generation/check_beam_search.hpp>
#include <typeformer/generation/generates_tokens.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// Beam search (Lowerre 1976, "The HARPY speech recognition system"). Each step continues the most probable beams of
/// every prompt and sets aside those that end. The search finds as many hypotheses as there are beams.
///
/// Results equal those of Hugging Face's `generate(num_beams = …, do_sample = False)`, with the `scored_length` of
/// version 4.34 or 4.44. `Session` is a `session` whose batch holds the beams of all prompts. All memory is in the
/// object, or on the heap with `storage::owned`. Nothing is allocated after construction.
/// Cost per prompt and step: beams · vocabulary exponentials and comparisons, and `session::reorder`.
template <class Session, class Storage = storage::owned>
  requires fits_together<generation_of<Session>> && fits_together<typename Session::reordering>
class beam_search {
 public:
  static constexpr capacities reserved = Session::reserved;

  constexpr beam_search() = default;
  beam_search(const beam_search&) = delete;
  beam_search& operator=(const beam_search&) = delete;

  /// Resets the session and continues the prompts. The results are then in `hypotheses`. Prompts have no padding.
  /// Prompts of different lengths are independent of each other.
  ///
  /// Errors: settings out of range; a prompt without tokens; a context that does not hold a prompt and `max_tokens` - 1
  /// tokens; those of `session::prefill`.
  constexpr result<void, beam_search_error> run(Session& session,
                                                std::span<const std::span<const std::int32_t>> prompts,
                                                const beam_search_settings& settings) {
    prompts_ = 0;
    if (!paths_.available()) return failure{rejected({})};
    if (const auto checked = detail::check_beam_search<Session>(prompts, settings); !checked) return checked;
    settings_ = settings;
    if (const auto started = start(session, prompts); !started) return failure{rejected(started.error())};
    prompts_ = index_type(prompts.size());
    for (index_type step = 0; step < settings.max_tokens; ++step) {
      bool any = false;
      for (index_type p = 0; p < prompts_; ++p) any = advance(session, p, step) || any;
      if (!any || step + 1 == settings.max_tokens) break;
      const std::size_t used = std::size_t(prompts_ * settings.beams);
      auto taken = session.reorder(std::span<const index_type>{parent_}.first(used));
      if (taken) taken = session.decode(std::span<const std::int32_t>{token_}.first(used));
      if (!taken) {
        prompts_ = 0;
        return failure{rejected(taken.error())};
      }
    }
    for (index_type p = 0; p < prompts_; ++p) finish(p);
    return {};
  }

  /// The results for a prompt, best first: as many as beams, or fewer if there were not enough texts.
  constexpr std::span<const beam_hypothesis> hypotheses(index_type prompt) const {
    return prompt >= 0 && prompt < prompts_ ? found_[std::size_t(prompt)].found() : std::span<const beam_hypothesis>{};
  }

  /// Writes the generated tokens of one of the `hypotheses`, its end token last, followed by `padding`. Tokens for
  /// which `to` has no room are left out. Returns the length of the hypothesis.
  /// Error: a hypothesis that the last search did not find.
  constexpr result<index_type, beam_search_error> write(const beam_hypothesis& hypothesis, std::span<std::int32_t> to,
                                                        std::int32_t padding) const {
    if (!has_found(hypothesis)) return failure{beam_search_error{problem::hypothesis_was_not_found}};
    paths_.write(hypothesis, to, padding);
    return hypothesis.length;
  }

 private:
  static constexpr index_type batch = reserved.batch;
  static constexpr double dead = -std::numeric_limits<double>::infinity();
  using problem = beam_search_error::problem;

  constexpr bool has_found(const beam_hypothesis& hypothesis) const {
    for (index_type p = 0; p < prompts_; ++p)
      for (const beam_hypothesis& found : found_[std::size_t(p)].found())
        if (found.length == hypothesis.length && found.last_beam == hypothesis.last_beam &&
            found.end_token == hypothesis.end_token)
          return true;
    return false;
  }
  static constexpr beam_search_error rejected(const inference_error& error) { return {problem::session, error}; }

  /// Only the first beam of a prompt takes it; the others follow it from the first step on.
  constexpr result<void, inference_error> start(Session& session,
                                                std::span<const std::span<const std::int32_t>> prompts) {
    std::array<std::span<const std::int32_t>, std::size_t(batch)> lists{};
    const std::size_t beams = std::size_t(settings_.beams);
    for (std::size_t p = 0; p < prompts.size(); ++p) {
      lists[p * beams] = prompts[p];
      found_[p] = beam_hypotheses{std::span{room_}.subspan(p * beams, beams), settings_, index_type(prompts[p].size())};
      ended_[p] = false;
      for (std::size_t b = 0; b < beams; ++b) log_probability_[p * beams + b] = b == 0 ? 0.0 : dead;
    }
    session.reset();
    return session.prefill(std::span<const std::span<const std::int32_t>>{lists}.first(prompts.size() * beams));
  }

  /// One step of a prompt: chooses the next token of each beam. Returns false if the prompt has ended; its beams are
  /// then idle.
  constexpr bool advance(const Session& session, index_type prompt, index_type step) {
    const index_type first = prompt * settings_.beams;
    if (!ended_[std::size_t(prompt)]) {
      best_continuations<batch> best{settings_.beams, settings_.end_tokens};
      for (index_type beam = first; beam < first + settings_.beams; ++beam)
        if (const double sum = log_probability_[std::size_t(beam)]; sum > dead)
          best.offer(beam, sum, *session.logits(beam));
      if (take(prompt, step, best)) return true;
      ended_[std::size_t(prompt)] = true;
    }
    for (index_type beam = first; beam < first + settings_.beams; ++beam) set_beam(beam, {dead, beam, no_token}, step);
    return false;
  }

  /// Goes through the continuations by rank. One that ends is a hypothesis if it is among the first `beams`; `beams`
  /// others continue. Returns false if the search has ended.
  constexpr bool take(index_type prompt, index_type step, const best_continuations<batch>& best) {
    const index_type first = prompt * settings_.beams;
    beam_hypotheses& found = found_[std::size_t(prompt)];
    std::span<const continuation> going_on = best.going_on(), ending = best.ending();
    if (going_on.empty() && ending.empty()) return false;
    const double most_probable = (std::max)(going_on.empty() ? dead : going_on.front().log_probability,
                                            ending.empty() ? dead : ending.front().log_probability);
    index_type next = 0;
    for (index_type rank = 0; next < settings_.beams && !(going_on.empty() && ending.empty()); ++rank) {
      if (going_on.empty() || (!ending.empty() && comes_before(ending.front(), going_on.front()))) {
        const continuation& end = ending.front();
        if (rank < settings_.beams) found.add({0, end.log_probability, step + 1, end.token, std::int32_t(end.beam)});
        ending = ending.subspan(1);
      } else {
        set_beam(first + next++, going_on.front(), step);
        going_on = going_on.subspan(1);
      }
    }
    const bool goes_on = next > 0;
    for (; next < settings_.beams; ++next) set_beam(first + next, {dead, first + next, no_token}, step);
    std::copy_n(next_log_probability_.begin() + first, settings_.beams, log_probability_.begin() + first);
    return goes_on && !found.is_done(most_probable, step + 1);
  }
  static constexpr bool comes_before(const continuation& left, const continuation& right) {
    if (left.log_probability != right.log_probability) return left.log_probability > right.log_probability;
    return left.beam != right.beam ? left.beam < right.beam : left.token < right.token;
  }

  constexpr void set_beam(index_type beam, const continuation& from, index_type step) {
    next_log_probability_[std::size_t(beam)] = from.log_probability;
    parent_[std::size_t(beam)] = from.beam;
    token_[std::size_t(beam)] = from.token;
    paths_.extend(step, beam, from);
  }

  /// Beams that have not ended after the last step are hypotheses too.
  constexpr void finish(index_type prompt) {
    beam_hypotheses& found = found_[std::size_t(prompt)];
    const index_type first = prompt * settings_.beams;
    if (!ended_[std::size_t(prompt)])
      for (index_type beam = first; beam < first + settings_.beams; ++beam)
        if (const double sum = log_probability_[std::size_t(beam)]; sum > dead)
          found.add({0, sum, settings_.max_tokens, no_token, std::int32_t(beam)});
    found.sort();
  }

  beam_search_settings settings_{};
  index_type prompts_ = 0;
  std::array<double, std::size_t(batch)> log_probability_{}, next_log_probability_{};
  std::array<index_type, std::size_t(batch)> parent_{};
  std::array<std::int32_t, std::size_t(batch)> token_{};
  std::array<bool, std::size_t(batch)> ended_{};
  std::array<beam_hypothesis, std::size_t(batch)> room_{};
  std::array<beam_hypotheses, std::size_t(batch)> found_{};
  beam_paths<Storage, reserved.context, batch> paths_{};
};

}  // namespace typeformer
