// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <span>

#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/random_words.hpp>

namespace typeformer {

/// Chooses the next token from a row of logits. The caller provides `workspace_size(vocabulary)` candidates.
template <class S, class Generator>
concept Sampler =
    RandomWords<Generator> && requires(const S sampler, std::span<const float> logits, std::span<candidate> workspace,
                                       Generator& generator, index_type n) {
      { sampler(logits, workspace, generator) } -> std::same_as<std::int32_t>;
      { S::workspace_size(n) } -> std::same_as<index_type>;
    };

/// One filter of a sampling chain: it changes, removes or sorts candidates. The memory of a filter (penalties,
/// grammars) belongs to the caller. If a filter has `chosen(id)`, it is called with the chosen token.
template <class F>
concept SamplingFilter = requires(const F filter, candidates& left) { filter(left); };

}  // namespace typeformer
