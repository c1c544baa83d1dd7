// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/error_text.hpp>

namespace typeformer {

/// When a prompt's search ends before its most tokens; always only after as many hypotheses as beams have ended.
enum class beam_search_stops {
  when_enough_ended,          ///< at once (Hugging Face: early_stopping = True)
  when_better_is_unlikely,    ///< the best beam, scored as if it ended now, is not better than the worst (False)
  when_better_is_impossible,  ///< nor is it at any length up to the most (early_stopping = "never")
};

/// Which tokens the length penalty counts.
enum class scored_length {
  generated_with_end,                ///< as Hugging Face's transformers 4.44
  prompt_and_generated_without_end,  ///< as transformers 4.34
};

/// What a beam search looks for. score = log probability / length^length_penalty: above 0 favors long texts.
struct beam_search_settings {
  index_type beams = 4;
  index_type max_tokens = 20;  ///< generated tokens, with the end token
  std::span<const std::int32_t> end_tokens{};
  double length_penalty = 1;
  beam_search_stops stops = beam_search_stops::when_better_is_unlikely;
  scored_length counts = scored_length::generated_with_end;
};

/// Why a beam search was rejected, or what the session rejected.
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
  inference_error of_session{};  ///< of `session`

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
