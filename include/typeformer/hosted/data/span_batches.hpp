// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/instance_stream.hpp>
#include <typeformer/hosted/data/pair_batch_builder.hpp>
#include <typeformer/hosted/data/span_corruption_instance.hpp>
#include <typeformer/hosted/data/text_segments.hpp>

namespace typeformer {

struct span_batch_options {
  std::uint64_t seed = 0;
  noise_spans spans{};
  /// Ids that no text has, from `first` down. Ids below the last of them belong to the texts.
  sentinel_ids sentinels{};
  target_ends ends{};  ///< a source ends as a target does
  /// Texts per visit of a shard; 0: as many as the first shard that has any.
  std::uint64_t texts_per_visit = 0;
};

/// T5's pre-training (Raffel et al. 2020, arXiv:1910.10683, §3.1.4): texts of documents without some spans, which the
/// decoder writes, `Batch` of them without padding. Texts are as long as sources of `SourceTokens` and targets of
/// `TargetTokens` allow, and belong to one document each. The only span of a short text is its end (see
/// `noise_spans::draw`).
///
/// Training batch n is a function of n and the seed alone, and draws new spans. Validation goes through the texts of
/// the held-out documents, always with the same spans.
template <index_type Batch, index_type SourceTokens, index_type TargetTokens, DocumentSource Source = token_documents>
  requires fits_together<batch_extents<Batch, SourceTokens, TargetTokens>>
class span_batches {
 public:
  /// Errors: no room for a text of two tokens; fewer sentinels than a text may need, or some below 0; those of
  /// `instance_stream`; the held-out documents have no text, or a token that is not an id of texts.
  static result<span_batches, training_error> of(Source training, const std::vector<token_document>& validation,
                                                 span_batch_options options) {
    using problem = training_error::problem;
    const std::int64_t own_ids =
        options.sentinels.count < 0 ? 0 : std::int64_t{options.sentinels.first} + 1 - options.sentinels.count;
    const index_type most = longest_text(options.spans), spans = most_spans(options.spans, most);
    if (most < 2)
      return failure{
          training_error{problem::bad_option, "expected room for the noise of a text, found none in sources of " +
                                                  std::to_string(SourceTokens) + " tokens and targets of " +
                                                  std::to_string(TargetTokens)}};
    if (options.sentinels.count < spans || own_ids < 1)
      return failure{training_error{problem::bad_option, "expected at least " + std::to_string(spans) +
                                                             " sentinels behind the texts' own ids, found " +
                                                             std::to_string(options.sentinels.count) + " from id " +
                                                             std::to_string(options.sentinels.first) + " down"}};
    text_segments segments{2, most, std::int32_t(own_ids)};
    if (const auto checked = segments.check(validation); !checked) return failure{checked.error()};
    philox none{0, 0};
    std::vector<sequence_pair> held_out;
    const std::uint64_t seed = seed_for(drawn_for::validation_masks, options.seed);
    for (const auto& text : segments(validation, none))
      held_out.push_back(corrupted(text, options, seed, held_out.size()));
    if (held_out.empty())
      return failure{training_error{problem::not_enough_data, "the documents held out for validation give no text"}};
    auto stream = stream_type::of(std::move(training), segments,
                                  {.seed = options.seed, .editions = 1, .instances_per_visit = options.texts_per_visit},
                                  "texts_per_visit");
    if (!stream) return failure{stream.error()};
    return span_batches{std::move(*stream), std::move(held_out), options};
  }

  /// The greatest length of a text.
  index_type text_tokens() const { return stream_.maker().tokens(); }
  const std::vector<sequence_pair>& validation() const { return held_out_; }
  /// Training batches that see as many texts as an epoch has. The last one is filled up from the next.
  index_type batches_per_epoch() const { return index_type((stream_.instances_per_epoch() + Batch - 1) / Batch); }

  /// Errors: those of `instance_stream::operator[]`.
  result<token_batch, training_error> training_batch(std::uint64_t number) {
    rows_.clear();
    for (std::uint64_t b = 0; b < std::uint64_t(Batch); ++b) {
      const std::uint64_t i = number * std::uint64_t(Batch) + b;
      const auto drawn = stream_[i];
      if (!drawn) return failure{drawn.error()};
      rows_.add(corrupted(drawn->value, options_, noise_seed_, i));
    }
    return rows_.batch();
  }

  index_type validation_batches() const { return (index_type(held_out_.size()) + Batch - 1) / Batch; }
  /// Precondition: 0 <= part < validation_batches().
  token_batch validation_batch(index_type part) {
    TYPEFORMER_PRECONDITION(part >= 0 && part < validation_batches());
    const index_type end = std::min((part + 1) * Batch, index_type(held_out_.size()));
    rows_.clear();
    for (index_type i = part * Batch; i < end; ++i) rows_.add(held_out_[std::size_t(i)]);
    return rows_.batch();
  }

 private:
  using stream_type = instance_stream<Source, text_segments>;

  span_batches(stream_type stream, std::vector<sequence_pair> held_out, span_batch_options options)
      : stream_{std::move(stream)},
        held_out_{std::move(held_out)},
        options_{options},
        noise_seed_{seed_for(drawn_for::masks_of_batch, options.seed)},
        rows_{options.ends} {}

  static std::uint64_t seed_for(drawn_for purpose, std::uint64_t seed) {
    philox words = random_stream(seed, purpose);
    const std::uint64_t high = words(), low = words();
    return high << 32 | low;
  }
  /// Precondition: `of` has checked that there are enough sentinels.
  static sequence_pair corrupted(const std::vector<std::int32_t>& text, const span_batch_options& options,
                                 std::uint64_t seed, std::uint64_t number) {
    auto instance =
        span_corruption_instance::of(text, options.spans, options.sentinels, options.ends.end, seed, number);
    if (!instance) __builtin_trap();
    instance->targets.pop_back();  // the builder of a batch adds the end of the targets
    return {std::move(instance->inputs), std::move(instance->targets)};
  }

  /// The greatest length such that every text of at most that length fits. Each sequence has its end, and a sentinel
  /// for each span.
  static index_type longest_text(const noise_spans& spans) {
    index_type tokens = 0;
    for (;; ++tokens) {
      const noise_counts noise = spans.counts(tokens + 1);
      const bool fits =
          tokens + 1 - noise.tokens + noise.spans + 1 <= SourceTokens && noise.tokens + noise.spans + 1 <= TargetTokens;
      if (!fits || (tokens > 0 && noise.spans == 0)) return tokens;
    }
  }
  static index_type most_spans(const noise_spans& spans, index_type most) {
    index_type found = 0;
    for (index_type tokens = 2; tokens <= most; ++tokens) found = std::max(found, spans.counts(tokens).spans);
    return found;
  }

  stream_type stream_;
  std::vector<sequence_pair> held_out_;
  span_batch_options options_;
  std::uint64_t noise_seed_;
  pair_batch_builder rows_;
};

}  // namespace typeformer
