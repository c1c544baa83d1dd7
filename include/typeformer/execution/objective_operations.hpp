// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/config.hpp>

namespace typeformer {

template <index_type Width, index_type Classes, index_type ChunkRows, number Smoothing, number SoftCap = 0.0>
struct head_cross_entropy_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width * Classes; }
};
template <index_type Width, index_type Classes, index_type ChunkRows, number Smoothing, number SoftCap = 0.0>
struct head_cross_entropy_gradient_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 6 * rows * Width * Classes; }
};

/// `CountsPadding`: tokens that are not valid have probabilities, too.
template <bool CountsPadding = false> struct answer_span_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 8 * rows; }
};
template <bool CountsPadding = false> struct answer_span_gradient_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 18 * rows; }
};

/// Findings of several objectives, concatenated.
struct gather_findings_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

template <class Loss, index_type Outputs> struct regression_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 4 * rows * Outputs; }
};
template <class Loss, index_type Outputs> struct regression_gradient_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 8 * rows * Outputs; }
};

template <number Temperature, index_type Outputs> struct distillation_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 12 * rows * Outputs; }
};
template <number Temperature, index_type Outputs> struct distillation_gradient_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 18 * rows * Outputs; }
};

/// The logits of labels, and their gradient, which is the scale at each label.
template <index_type Classes> struct label_logits_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows; }
};
template <index_type Classes> struct label_logits_gradient_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows; }
};

}  // namespace typeformer
