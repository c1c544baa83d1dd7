// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/rejection_sampling.hpp>

namespace typeformer {

/// Memory that the caller provides for `generate_speculatively`.
struct speculation_workspace {
  std::span<candidate> candidates;  ///< `S::workspace_size(vocabulary)`
  std::span<float> probabilities;   ///< [drafts][vocabulary]
};

namespace detail {

/// The small model's session, and the tokens of the text that it has not processed yet. It processes them when it
/// drafts, when the buffer is full, and at the end.
template <class Session> class drafter {
 public:
  /// The large session has cached `cached` tokens. If the small session has no room for them it never drafts.
  constexpr drafter(Session& session, speculation_workspace workspace, index_type cached)
      : session_{session}, workspace_{workspace}, is_lost_{cached > Session::reserved.context} {}

  /// Takes the first tokens of a prompt.
  constexpr result<void, inference_error> start(std::span<const std::int32_t> prompt) { return read(prompt); }
  /// Appends the next token of the text.
  constexpr result<void, inference_error> append(std::int32_t id) {
    if (unread_ == index_type(tokens_.size()))
      if (const auto read = catch_up(session_.length() + unread_); !read) return read;
    if (!is_lost_) tokens_[std::size_t(unread_++)] = id;
    return {};
  }
  constexpr index_type max_drafts(index_type cached) const { return is_lost_ ? 0 : Session::reserved.context - cached; }

  /// Drafts at most `drafts.size()` tokens. Returns their number.
  template <class S, class Generator>
  constexpr result<index_type, inference_error> draft(std::span<std::int32_t> drafts, const S& sampler,
                                                      Generator& generator) {
    if (drafts.empty()) return 0;
    auto logits = session_.prefill(std::span<const std::int32_t>{tokens_}.first(std::size_t(unread_)));
    if (logits) unread_ = 0;
    for (std::size_t i = 0;; logits = session_.decode(drafts[i++])) {
      if (!logits) return failure{logits.error()};
      candidates distribution = sampler.distribution(*logits, workspace_.candidates);
      write_probabilities(distribution, probabilities(index_type(i)));
      drafts[i] = S::draw(distribution, generator);
      if (drafts[i] < 0 || drafts[i] >= Session::vocabulary) return index_type(i);  // the large one reports it
      if (i + 1 == drafts.size()) return index_type(i) + 1;
    }
  }
  constexpr std::span<float> probabilities(index_type draft) const {
    return workspace_.probabilities.subspan(std::size_t(draft * Session::vocabulary), std::size_t(Session::vocabulary));
  }

  /// Drops rejected drafts: caches at most `cached` tokens, and appends those at the end of a text of `length`
  /// tokens that are missing. `ending` holds the last tokens of that text.
  constexpr result<void, inference_error> keep(index_type cached, index_type length,
                                               std::span<const std::int32_t> ending) {
    (void)session_.truncate(0, cached);  // both numbers are known to be good
    for (index_type missing = length - session_.length() - unread_; missing > 0 && !is_lost_; --missing)
      if (const auto taken = append(ending[ending.size() - std::size_t(missing)]); !taken) return taken;
    return {};
  }

  /// Processes appended tokens until `cached` tokens are cached.
  constexpr result<void, inference_error> catch_up(index_type cached) {
    const index_type count = (std::min)(unread_, cached - session_.length());
    if (count <= 0) return {};
    if (const auto taken = read(std::span<const std::int32_t>{tokens_}.first(std::size_t(count))); !taken) return taken;
    unread_ -= count;
    for (std::size_t i = 0; i < std::size_t(unread_); ++i) tokens_[i] = tokens_[i + std::size_t(count)];
    return {};
  }
  /// Whether it has too little room for the text.
  constexpr bool is_lost() const { return is_lost_; }

 private:
  constexpr result<void, inference_error> read(std::span<const std::int32_t> text) {
    is_lost_ = is_lost_ || session_.length() + index_type(text.size()) > Session::reserved.context;
    if (is_lost_) return {};
    const auto taken = session_.prefill(text);
    if (!taken) return failure{taken.error()};
    return {};
  }

  Session& session_;
  speculation_workspace workspace_;
  std::array<std::int32_t, 8> tokens_{};
  index_type unread_ = 0;
  bool is_lost_ = false;
};

}  // namespace detail
}  // namespace typeformer
