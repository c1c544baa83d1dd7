// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdio>
#include <span>

#include <typeformer/generation/greedy.hpp>

#include "case_settings.hpp"
#include "tensors.hpp"

namespace typeformer::conformance {

/// `gen.greedy_ids`: the prompts, all of one length, and their greedy continuation up to `length` tokens, by a session
/// that has read what it needs in addition to them. Returns false (with a message) if something was rejected.
template <class Session>
bool keep_greedy(Session& run, const std::vector<std::span<const std::int32_t>>& prompts, std::int64_t length,
                 const generation_end& end, tensors& results) {
  auto taken = run.prefill(std::span<const std::span<const std::int32_t>>{prompts});
  tensor& ids = results["gen.greedy_ids"];
  ids.shape = {std::int64_t(prompts.size()), length};
  ids.ids.resize(prompts.size() * static_cast<std::size_t>(length));
  std::vector<std::int32_t> next(prompts.size());
  std::vector<bool> ended(prompts.size(), false);
  for (std::size_t s = 0; s < prompts.size(); ++s)
    std::copy(prompts[s].begin(), prompts[s].end(), ids.ids.begin() + std::int64_t(s) * length);
  for (auto at = std::int64_t(prompts.front().size()); taken && at < length; ++at) {
    for (std::size_t s = 0; s < next.size(); ++s) {
      next[s] = ended[s] ? no_token : greedy{}(*run.logits(static_cast<index_type>(s)));
      ids.ids[s * static_cast<std::size_t>(length) + static_cast<std::size_t>(at)] = ended[s] ? end.padding : next[s];
      if (next[s] == end.eos) ended[s] = true;
    }
    const bool all_ended = std::find(ended.begin(), ended.end(), false) == ended.end();
    if (at + 1 < length && !all_ended) taken = run.decode(std::span<const std::int32_t>{next});
  }
  if (!taken) return std::fprintf(stderr, "%s\n", taken.error().message().c_str()), false;
  return true;
}

}  // namespace typeformer::conformance
