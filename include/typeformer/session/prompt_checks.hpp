// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The checks of new tokens before a session takes them, so that a rejected call changes nothing.
template <capacities Reserved, index_type Vocabulary, class Source> struct prompt_checks {
  const std::array<index_type, std::size_t(Reserved.batch)>& length;  ///< cached tokens
  const Source& source;
  bool has_memory;

  constexpr result<void, inference_error> check(std::span<const std::span<const std::int32_t>> prompts) const {
    using problem = inference_error::problem;
    if (!has_memory) return rejected(problem::no_memory, 0, 0, 0);
    if (index_type(prompts.size()) > Reserved.batch)
      return rejected(problem::too_many_sequences, 0, prompts.size(), Reserved.batch);
    bool any = false;
    for (std::size_t s = 0; s < prompts.size(); ++s) {
      any = any || !prompts[s].empty();
      if (!prompts[s].empty() && !source.has(index_type(s)))
        return rejected(problem::source_is_missing, index_type(s), 0, 1);
      const index_type after = length[s] + index_type(prompts[s].size());
      if (!drops_the_oldest(Reserved) && after > Reserved.context)
        return rejected(problem::context_is_full, index_type(s), after, Reserved.context);
      if (const auto known = check_ids(index_type(s), prompts[s], Vocabulary); !known) return known;
    }
    if (!any) return rejected(problem::no_tokens, 0, 0, 1);
    return {};
  }
  /// The number of sequences.
  constexpr result<index_type, inference_error> check(const padded_tokens& padded) const {
    using problem = inference_error::problem;
    const auto counted = sequences_of(padded);
    if (!counted) return counted;
    if (!has_memory) return rejected(problem::no_memory, 0, 0, 0);
    if (*counted > Reserved.batch) return rejected(problem::too_many_sequences, 0, *counted, Reserved.batch);
    constexpr index_type most = (std::min)(Reserved.tokens, Reserved.context);
    if (padded.length > most) return rejected(problem::too_many_tokens, 0, padded.length, most);
    if (const auto read = check_read_by_place(padded); !read) return failure{read.error()};
    if (padded.positions_count_padding) return rejected(problem::input_is_not_read, 0, 1, 0);
    bool any = false;
    for (index_type s = 0; s < *counted; ++s) {
      if (const index_type before = length[std::size_t(s)]; before != 0)
        return rejected(problem::prompt_needs_a_fresh_sequence, s, before, 0);
      for (index_type row = 0; row < padded.length; ++row) {
        const std::size_t i = std::size_t(s * padded.length + row);
        if (!padded.valid[i]) continue;
        if (!source.has(s)) return rejected(problem::source_is_missing, s, 0, 1);
        if (const auto known = check_ids(s, padded.ids.subspan(i, 1), Vocabulary, row); !known)
          return failure{known.error()};
        any = true;
      }
    }
    if (!any) return rejected(problem::no_tokens, 0, 0, 1);
    return counted;
  }
};

}  // namespace typeformer
