// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/error_text.hpp>

namespace typeformer {

/// When the search for a prompt ends before `max_tokens`. It never ends before as many hypotheses as beams have ended.
enum class beam_search_stops {
  when_enough_ended,          ///< then (Hugging Face: early_stopping = True)
  when_better_is_unlikely,    ///< the best beam, if it ended now, is no better than the worst hypothesis (False)
  when_better_is_impossible,  ///< nor at any length up to the greatest (early_stopping = "never")
};

/// Which tokens the length penalty counts.
enum class scored_length {
  generated_with_end,                ///< as in Hugging Face's transformers 4.44
  prompt_and_generated_without_end,  ///< as in transformers 4.34
};

/// The settings of a beam search. score = log probability / length^length_penalty; a penalty above 0 favors long texts.
struct beam_search_settings {
  index_type beams = 4;
  index_type max_tokens = 20;  ///< generated tokens, including the end token
  std::span<const std::int32_t> end_tokens{};
  double length_penalty = 1;
  beam_search_stops stops = beam_search_stops::when_better_is_unlikely;
  scored_length counts = scored_length::generated_with_end;
};

/// Why a beam search, or the session that it runs, rejected its input.
struct beam_search_error {
  enum class problem {
    beams_are_less_than_one,
    max_tokens_is_less_than_one,
    length_penalty_is_not_finite,
    beams_of_all_prompts_exceed_the_batch,
    hypothesis_was_not_found,
    session
  };
  problem what = problem::session;
  inference_error of_session{};  ///< the error of the session

  constexpr error_text message() const {
    return what == problem::session ? of_session.message() : error_text{sentence()};
  }

 private:
  constexpr const char* sentence() const {
    switch (what) {
      case problem::beams_are_less_than_one: return "a beam search needs at least one beam";
      case problem::max_tokens_is_less_than_one: return "a beam search must be allowed at least one token";
      case problem::length_penalty_is_not_finite: return "the length penalty must be a finite number";
      case problem::beams_of_all_prompts_exceed_the_batch:
        return "the session's batch has no room for the beams of all prompts";
      case problem::hypothesis_was_not_found: return "the search has found no such hypothesis";
      case problem::session: break;
    }
    return "";
  }
};

}  // namespace typeformer
