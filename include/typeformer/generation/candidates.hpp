// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <typeformer/contract/no_token.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/generation/candidate.hpp>
#include <typeformer/generation/softmax_weight.hpp>

namespace typeformer {

/// The tokens that a chain of filters has left, held in the caller's workspace.
///
/// They are ordered by id until a filter sorts them by `more_probable`. Both orders are total, so a draw does not
/// depend on the sorting algorithm of the standard library. Logits that are NaN or minus infinity are left out.
class candidates {
 public:
  /// Precondition: the workspace has room for every logit (else it traps), and there are fewer than 2^31 logits.
  constexpr candidates(std::span<const float> logits, std::span<candidate> workspace) {
    if (workspace.size() < logits.size()) __builtin_trap();
    std::size_t count = 0;
    for (std::size_t id = 0; id < logits.size(); ++id)
      if (logits[id] > -std::numeric_limits<float>::infinity())
        workspace[count++] = {static_cast<std::int32_t>(id), logits[id], 0};
    items_ = workspace.first(count);
  }
  /// These candidates. Precondition: their ids ascend, and no logit is NaN or minus infinity.
  constexpr explicit candidates(std::span<candidate> items) : items_{items} {}

  constexpr std::span<const candidate> items() const { return items_; }
  constexpr bool empty() const { return items_.empty(); }
  constexpr std::size_t size() const { return items_.size(); }

  /// The greatest logit. Precondition: not empty.
  constexpr float greatest_logit() const {
    float greatest = items_.front().logit;
    if (!descending_)
      for (const candidate& item : items_) greatest = item.logit > greatest ? item.logit : greatest;
    return greatest;
  }

  /// Replaces every logit by `f(candidate)`. Candidates whose logit becomes NaN or minus infinity are removed.
  template <class F> constexpr void transform_logits(F f) {
    std::size_t count = 0;
    for (candidate item : items_) {
      item.logit = f(std::as_const(item));
      if (item.logit > -std::numeric_limits<float>::infinity()) items_[count++] = item;
    }
    items_ = items_.first(count);
    sort_by_id_again();
  }

  /// Keeps the `count` most probable candidates, sorted. If there are no more than that, keeps all in their order.
  /// Precondition: count >= 1.
  ///
  /// Cost: linear, plus the sorting of those that are kept.
  constexpr void keep_most_probable(std::size_t count) {
    if (count >= items_.size()) return;
    if (!descending_) {
      const auto end_of_kept = items_.begin() + static_cast<index_type>(count);
      if (count < items_.size() / 8) {  // few candidates enter such a small heap
        std::ranges::partial_sort(items_, end_of_kept, more_probable);
      } else {
        std::ranges::nth_element(items_, end_of_kept, more_probable);
        std::ranges::sort(items_.first(count), more_probable);
      }
    }
    items_ = items_.first(count);
    descending_ = true;
  }

  /// Keeps the shortest prefix of the sorted candidates that holds at least `fraction` of the weight; at least one
  /// candidate.
  ///
  /// Cost: linear, plus (kept + n) log n for the n candidates whose weight alone does not exclude them.
  constexpr void keep_most_weight(double fraction) {
    if (items_.empty()) return;
    const std::uint64_t total = weigh();
    const double wanted = fraction * static_cast<double>(total);
    if (!descending_) {
      const auto light = static_cast<std::uint64_t>((1.0 - fraction) * static_cast<double>(total)) / items_.size();
      drop_unless([=](const candidate& item) { return item.weight >= light; });
      sort_until(wanted);
    }
    std::size_t count = 0;
    for (std::uint64_t sum = 0; count < items_.size() && (count == 0 || static_cast<double>(sum) < wanted); ++count)
      sum += items_[count].weight;
    items_ = items_.first(count);
  }

  /// Keeps the candidates whose probability is at least `fraction` of the greatest one.
  constexpr void keep_at_least(double fraction) {
    weigh();
    const double least = fraction * static_cast<double>(full_softmax_weight);
    drop_unless([=](const candidate& item) { return static_cast<double>(item.weight) >= least; });
  }

  /// Keeps the candidates for which `wanted(candidate)` is true.
  template <class Wanted> constexpr void keep_if(Wanted wanted) {
    drop_unless(wanted);
    weighed_ = false;  // the greatest may be gone
  }

  /// Keeps the candidates whose -log p is nearest to its mean, the entropy: the fewest that hold at least `fraction` of
  /// the weight, and those that are as near as the last of them.
  ///
  /// The normalization cancels: -log p - entropy = distance from the greatest logit - mean distance. The mean is a sum
  /// of integers, like the weights. Cost: n log n.
  constexpr void keep_most_typical(double fraction) {
    if (items_.empty()) return;
    const std::uint64_t total = weigh();
    const float greatest = greatest_logit();
    const auto distance = [=](const candidate& item) { return item.logit == greatest ? 0.0f : greatest - item.logit; };
    std::uint64_t sum_of_distances = 0;  // in units of 2^-39
    for (const candidate& item : items_)
      if (item.weight > 0)  // else the distance may not fit
        sum_of_distances += std::uint64_t{item.weight} * static_cast<std::uint64_t>(distance(item) * 0x1p20f) >> 12;
    const double mean = static_cast<double>(sum_of_distances) / static_cast<double>(total) * 0x1p-8;
    const auto strangeness = [=](const candidate& item) {
      const double difference = static_cast<double>(distance(item)) - mean;
      return difference < 0 ? -difference : difference;
    };
    std::ranges::sort(items_, [&](const candidate& left, const candidate& right) {
      const double of_left = strangeness(left), of_right = strangeness(right);
      return of_left < of_right || (of_left == of_right && left.id < right.id);
    });
    const double wanted = fraction * static_cast<double>(total);
    std::size_t count = 0;
    for (std::uint64_t sum = 0; count < items_.size() && (count == 0 || static_cast<double>(sum) < wanted); ++count)
      sum += items_[count].weight;
    while (count < items_.size() && strangeness(items_[count]) == strangeness(items_[count - 1])) ++count;
    items_ = items_.first(count);
    std::ranges::sort(items_, {}, &candidate::id);
    descending_ = weighed_ = false;  // the greatest may be gone
  }

  /// The sum of the weights. Computes the weights if they are not known.
  constexpr std::uint64_t weigh() {
    if (!weighed_ && !items_.empty()) {
      const float greatest = greatest_logit();
      for (candidate& item : items_)  // the comparison matters for infinities, whose difference is NaN
        item.weight = item.logit == greatest ? full_softmax_weight : softmax_weight(greatest - item.logit);
      weighed_ = true;
    }
    std::uint64_t total = 0;
    for (const candidate& item : items_) total += item.weight;
    return total;
  }

 private:
  constexpr void sort_by_id_again() {
    weighed_ = false;
    if (descending_) std::ranges::sort(items_, {}, &candidate::id);
    descending_ = false;
  }

  template <class Wanted> constexpr void drop_unless(Wanted wanted) {
    const auto dropped = std::ranges::remove_if(items_, [&](const candidate& item) { return !wanted(item); });
    items_ = items_.first(items_.size() - dropped.size());
  }

  /// Takes the most probable candidates from a heap, one by one, so that only the kept ones are sorted while they are
  /// few.
  constexpr void sort_until(double wanted) {
    const auto less_probable = [](const candidate& left, const candidate& right) { return more_probable(right, left); };
    std::span<candidate> heap = items_;
    std::ranges::make_heap(heap, less_probable);
    const std::size_t few = items_.size() / 16;
    for (std::uint64_t sum = 0; !heap.empty() && (sum == 0 || static_cast<double>(sum) < wanted);) {
      if (items_.size() - heap.size() > few) {
        std::ranges::sort(heap, less_probable);
        heap = {};
        break;
      }
      std::ranges::pop_heap(heap, less_probable);
      sum += heap.back().weight;
      heap = heap.first(heap.size() - 1);
    }
    items_ = items_.last(items_.size() - heap.size());
    std::ranges::reverse(items_);
    descending_ = true;
  }

  std::span<candidate> items_;
  bool descending_ = false;
  bool weighed_ = false;
};

}  // namespace typeformer
