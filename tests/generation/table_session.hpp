// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <vector>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/no_token.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer::testing {

using prompt_list = std::vector<std::span<const std::int32_t>>;

/// A session whose logits are looked up: those after tokens a, b, of which b is at position t, are
/// last[b] + before[a] + t · drift.
template <index_type Batch, index_type Context, index_type Vocabulary> struct table_session {
  static constexpr capacities reserved{Batch, Context, Context};
  static constexpr index_type vocabulary = Vocabulary;
  using rewinding = nothing;
  using reordering = nothing;
  std::vector<std::vector<float>> last, before;
  std::vector<float> drift = std::vector<float>(last[0].size());
  using ids = std::vector<std::int32_t>;
  std::vector<ids> cached = std::vector<ids>(Batch);
  std::vector<std::vector<float>> rows = std::vector<std::vector<float>>(Batch);

  void reset() { cached.assign(Batch, {}); }
  result<void, inference_error> reorder(std::span<const index_type> from) {
    const std::vector<ids> old = cached;
    for (std::size_t s = 0; s < from.size(); ++s) cached[s] = old[std::size_t(from[s])];
    return {};
  }
  result<void, inference_error> prefill(std::span<const std::span<const std::int32_t>> prompts) {
    for (std::size_t s = 0; s < prompts.size(); ++s)
      if (*length(index_type(s)) + index_type(prompts[s].size()) > Context)
        return failure{inference_error{inference_error::problem::context_is_full, index_type(s), 0, Context}};
    for (std::size_t s = 0; s < prompts.size(); ++s) {
      ids& tokens = cached[s];
      tokens.insert(tokens.end(), prompts[s].begin(), prompts[s].end());
      rows[s].assign(last[0].size(), 0);
      if (prompts[s].empty()) continue;
      rows[s] = last[std::size_t(tokens.back())];
      for (std::size_t id = 0; id < rows[s].size(); ++id) rows[s][id] += float(tokens.size() - 1) * drift[id];
      if (tokens.size() > 1)
        for (std::size_t id = 0; id < rows[s].size(); ++id)
          rows[s][id] += before[std::size_t(tokens[tokens.size() - 2])][id];
    }
    return {};
  }
  result<void, inference_error> decode(std::span<const std::int32_t> next) {
    prompt_list prompts;
    for (const std::int32_t& id : next) prompts.emplace_back(&id, id == no_token ? 0 : 1);
    return prefill(std::span<const std::span<const std::int32_t>>{prompts});
  }
  index_type length() const { return index_type(cached[0].size()); }
  result<index_type, inference_error> length(index_type sequence) const {
    return index_type(cached[std::size_t(sequence)].size());
  }
  result<std::span<const float>, inference_error> prefill(std::span<const std::int32_t> prompt) {
    const prompt_list prompts{prompt};
    if (const auto taken = prefill(std::span<const std::span<const std::int32_t>>{prompts}); !taken)
      return failure{taken.error()};
    return logits(0);
  }
  result<std::span<const float>, inference_error> decode(std::int32_t id) { return prefill(std::span{&id, 1}); }
  result<std::span<const float>, inference_error> logits(index_type sequence) const {
    return std::span<const float>{rows[std::size_t(sequence)]};
  }
};

}  // namespace typeformer::testing
