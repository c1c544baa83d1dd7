// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/split_tokens.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>

namespace typeformer {

/// A text in consecutive segments whose labels are the next tokens: the data of a causal language model with a memory
/// of earlier segments (Dai et al. 2019, arXiv:1901.02860, §3.2).
///
/// The text is cut into `Batch` strands of equal length, and each batch holds the next `Tokens` tokens of all of them.
/// `past` is the number of tokens that came before. After the last segment the strands begin again, at places drawn
/// from (seed, round). The last part of the text is kept for validation, which predicts every token of the part but the
/// first once. Its strands end with the text.
template <index_type Batch, index_type Tokens>
  requires fits_together<batch_extents<Batch, Tokens>>
class causal_segments {
 public:
  /// Error: a part is too short to hold one segment of every strand and its last label, or an id is negative or not
  /// below `vocabulary`.
  static result<causal_segments, training_error> of(std::vector<std::int32_t> tokens, index_type vocabulary,
                                                    std::uint64_t seed, double validation_fraction = 0.1) {
    auto text = split_tokens::of(std::move(tokens), vocabulary, validation_fraction, Batch * Tokens + 1);
    if (!text) return failure{text.error()};
    causal_segments segments;
    segments.text_ = std::move(*text);
    segments.seed_ = seed;
    return result<causal_segments, training_error>(std::move(segments));
  }

  /// Segments of a strand in training.
  index_type segments() const { return (index_type(text_.training().size()) - 1) / (Batch * Tokens); }

  token_batch training_batch(std::uint64_t number) {
    const auto text = text_.training();
    const std::uint64_t round = number / std::uint64_t(segments());
    const index_type segment = index_type(number % std::uint64_t(segments())), strand = segments() * Tokens;
    philox random{seed_, round};
    const index_type left_over = index_type(text.size()) - 1 - Batch * strand,
                     start = index_type(uniform_below(std::uint32_t(left_over + 1), random));
    clear();
    for (index_type b = 0; b < Batch; ++b) add(text.subspan(std::size_t(start + b * strand)), segment, strand);
    return view();
  }

  index_type validation_batches() const { return (strand_of_validation() + Tokens - 1) / Tokens; }
  /// Precondition: 0 <= segment < validation_batches().
  token_batch validation_batch(index_type segment) {
    TYPEFORMER_PRECONDITION(segment >= 0 && segment < validation_batches());
    const auto text = text_.validation();
    clear();
    for (index_type b = 0; b < Batch; ++b) {
      const index_type first = b * strand_of_validation();
      const index_type end = std::min(first + strand_of_validation(), index_type(text.size()) - 1);
      if (first + segment * Tokens < end) add(text.subspan(std::size_t(first)), segment, end - first);
    }
    return view();
  }

 private:
  index_type strand_of_validation() const { return (index_type(text_.validation().size()) - 1 + Batch - 1) / Batch; }

  void clear() {
    rows_.clear();
    past_.clear();
  }
  /// The tokens of one segment of a strand in which `size` tokens have a label.
  void add(std::span<const std::int32_t> strand, index_type segment, index_type size) {
    const index_type first = segment * Tokens, count = std::min(Tokens, size - first);
    rows_.add(strand.subspan(std::size_t(first), std::size_t(count)),
              strand.subspan(std::size_t(first) + 1, std::size_t(count)));
    past_.push_back(first);
  }
  token_batch view() const {
    token_batch batch = rows_.batch();
    batch.past = past_.data();
    return batch;
  }

  split_tokens text_;
  std::uint64_t seed_ = 0;
  token_batch_builder rows_;
  std::vector<index_type> past_;
};

}  // namespace typeformer
