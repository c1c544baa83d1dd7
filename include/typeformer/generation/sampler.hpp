// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <span>

#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/random_words.hpp>

namespace typeformer {

/// What chooses the next token from a row of logits; `workspace_size(vocabulary)` candidates are the caller's to lend.
template <class S, class Generator>
concept Sampler =
    RandomWords<Generator> && requires(const S sampler, std::span<const float> logits, std::span<candidate> workspace,
                                       Generator& generator, index_type n) {
      { sampler(logits, workspace, generator) } -> std::same_as<std::int32_t>;
      { S::workspace_size(n) } -> std::same_as<index_type>;
    };

/// One link of a sampling chain: changes, removes or sorts the candidates. A filter with a memory (penalties, grammars)
/// refers to the caller's; if it has a `chosen(id)`, it is told which token was drawn.
template <class F>
concept SamplingFilter = requires(const F filter, candidates& left) { filter(left); };

}  // namespace typeformer
