// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/layers/language_model_head.hpp>
#include <typeformer/memory/use.hpp>

namespace typeformer {

/// The label of a row that has no target.
inline constexpr std::int32_t no_label = -100;

/// How much of each label's mass is spread evenly over all classes.
template <number Amount> struct label_smoothing { static constexpr double value = Amount.value; };

template <index Width, index Classes, index ChunkRows, number Smoothing> struct head_cross_entropy_operation {
  static constexpr double smoothing = Smoothing.value;
  static constexpr std::int64_t flops(std::int64_t rows) { return 2 * rows * Width * Classes; }
};
template <index Width, index Classes, index ChunkRows, number Smoothing> struct head_cross_entropy_gradient_operation {
  static constexpr double smoothing = Smoothing.value;
  static constexpr std::int64_t flops(std::int64_t rows) { return 6 * rows * Width * Classes; }
};

/// The loss of a language model: −Σ scale · log softmax(h Wᵀ)[label] over the rows that have a label (Bengio et al. 2003,
/// §2), with label smoothing (Szegedy et al. 2016, arXiv:1512.00567, §7) when asked for.
///
/// Labels and scale come with the `token_batch`. The logits of at most `chunk_rows` rows exist at a time, so that the
/// vocabulary costs chunk_rows · vocabulary scalars instead of tokens · vocabulary. Options: `label_smoothing<…>`.
/// Cost: 6 · width · vocabulary FLOPs a labelled row, forward and backward together.
template <class... Options> struct token_cross_entropy {
  static constexpr double smoothing = number_option_or<label_smoothing, Options...>(0);
  static constexpr index most_chunk_rows = 64;

  template <class Context, class H, class Weight>
  static constexpr auto walk(Context& c, deferred_logits<H, Weight> logits) {
    constexpr index capacity = row_capacity(axis::token, Context::use::reserved);
    constexpr index chunk = capacity < most_chunk_rows ? capacity : most_chunk_rows;
    constexpr index classes = Weight::rows, width = H::width;
    const auto scores = c.template make<rows<axis::once, chunk * classes>>();
    const auto gathered = c.template make<rows<axis::once, 2 * chunk * width>>();
    const auto loss = c.template make<rows<axis::once, 1>>();
    if constexpr (Context::use::what_for == purpose::train) {
      const H dh = c.template make<typename H::shape>();
      c.run(head_cross_entropy_gradient_operation<width, classes, chunk, smoothing>{}, logits.h, logits.weight,
            out(scores), out(gathered), out(loss), out(dh), gradient_of(logits.weight));
      return result_of<H>{loss, dh};
    } else {
      c.run(head_cross_entropy_operation<width, classes, chunk, smoothing>{}, logits.h, logits.weight, out(scores),
            out(gathered), out(loss));
      return result_of<nothing>{loss, {}};
    }
  }

 private:
  template <class DH> struct result_of {
    ref<rows<axis::once, 1>> loss;
    DH gradient;
  };
};

/// Predicting the next token: row t's label is the token after it. The data puts the labels into the batch.
using causal_language_model = token_cross_entropy<>;

}  // namespace typeformer
