// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/span_corruption.hpp>

namespace typeformer {

/// The source and the target, each with the token that ends a sequence.
struct span_corruption_instance {
  std::vector<std::int32_t> inputs, targets;

  /// Corrupts a text with noise drawn from (seed, number) alone.
  ///
  /// Error: more spans than sentinels.
  static result<span_corruption_instance, span_corruption_error> of(std::span<const std::int32_t> tokens,
                                                                    const noise_spans& spans, sentinel_ids sentinels,
                                                                    std::int32_t end, std::uint64_t seed,
                                                                    std::uint64_t number) {
    philox generator{seed, number};
    std::vector<std::uint8_t> noise(tokens.size());
    spans.draw(noise, generator);
    span_corruption_instance instance{std::vector<std::int32_t>(tokens.size()),
                                      std::vector<std::int32_t>(tokens.size())};
    const auto text = corrupt_spans(tokens, noise, sentinels, instance.inputs, instance.targets);
    if (!text) return failure{text.error()};
    instance.inputs.resize(text->inputs.size());
    instance.targets.resize(text->targets.size());
    instance.inputs.push_back(end);
    instance.targets.push_back(end);
    return result<span_corruption_instance, span_corruption_error>(std::move(instance));
  }
};

}  // namespace typeformer
