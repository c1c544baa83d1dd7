// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/precondition.hpp>
#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/check_documents.hpp>
#include <typeformer/hosted/data/instance_stream.hpp>
#include <typeformer/hosted/data/shuffle.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>

namespace typeformer {

struct packed_window_options {
  std::int32_t vocabulary = 0;
  std::int32_t end_of_document = 0;
  /// Whether the first token of a document is to be predicted from the document before it.
  bool predicts_across_documents = true;
};

/// Tokens and, for each, the one that follows.
struct token_window {
  std::vector<std::int32_t> ids, labels;
};

/// Makes windows of at most `tokens` tokens. The documents are concatenated in a random order, each followed by an
/// end-of-document token (Brown et al. 2020, arXiv:2005.14165, B). The end of the first window is random too.
/// Precondition: tokens >= 1, else it traps.
class window_maker {
 public:
  window_maker(index_type tokens, packed_window_options options) : tokens_{tokens}, options_{options} {
    if (tokens < 1) __builtin_trap();
  }

  /// Error: a token, or the end of a document, is not in the vocabulary.
  result<void, training_error> check(std::span<const token_document> documents) const {
    if (const std::int32_t end = options_.end_of_document; end < 0 || end >= options_.vocabulary)
      return failure{training_error{training_error::problem::outside_vocabulary,
                                    "end_of_document: expected a token of the vocabulary, which ends at " +
                                        std::to_string(options_.vocabulary) + ", found " + std::to_string(end)}};
    return check_documents(documents, options_.vocabulary);
  }

  std::vector<token_window> operator()(std::span<const token_document> documents, philox& generator) const {
    const std::vector<std::size_t> order = shuffled(documents.size(), generator);
    return windows_of(documents, order, 1 + uniform_below(static_cast<std::uint32_t>(tokens_), generator));
  }
  /// The documents in their own order, the first window as long as the others.
  std::vector<token_window> in_order(std::span<const token_document> documents) const {
    std::vector<std::size_t> order(documents.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    return windows_of(documents, order, static_cast<std::size_t>(tokens_));
  }

 private:
  std::vector<token_window> windows_of(std::span<const token_document> documents, std::span<const std::size_t> order,
                                       std::size_t first_window) const {
    std::vector<std::int32_t> stream, labels;
    for (const std::size_t which : order) {
      const std::size_t before = stream.size();
      for (const auto& part : documents[which]) stream.insert(stream.end(), part.begin(), part.end());
      if (stream.size() == before) continue;
      labels.insert(labels.end(), stream.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(before, 1)),
                    stream.end());
      if (before > 0 && !options_.predicts_across_documents) labels[before - 1] = no_label;
      stream.push_back(options_.end_of_document);
      labels.push_back(options_.end_of_document);
    }
    std::vector<token_window> windows;
    for (std::size_t begin = 0, end = first_window; begin < labels.size();
         begin = end, end += static_cast<std::size_t>(tokens_)) {
      end = std::min(end, labels.size());
      const auto part = [&](const std::vector<std::int32_t>& all) {
        return std::vector(all.begin() + static_cast<std::ptrdiff_t>(begin),
                           all.begin() + static_cast<std::ptrdiff_t>(end));
      };
      token_window window{part(stream), part(labels)};
      if (std::ranges::any_of(window.labels, [](std::int32_t label) { return label != no_label; }))
        windows.push_back(std::move(window));
    }
    return windows;
  }

  index_type tokens_;
  packed_window_options options_;
};

/// Windows of any number of documents, packed without padding: the data of a causal language model whose text does not
/// fit into memory. For a text that does, see `causal_windows`.
///
/// Training batch n holds `Batch` windows of at most `Tokens` tokens and is a function of n and the seed alone.
/// Validation goes through the held-out documents in their order and predicts every token but the first.
template <index_type Batch, index_type Tokens, DocumentSource Source = token_documents>
  requires fits_together<batch_extents<Batch, Tokens>>
class packed_windows {
 public:
  /// Errors: those of `instance_stream`; the held-out documents are empty or have a token outside the vocabulary.
  static result<packed_windows, training_error> of(Source training, const std::vector<token_document>& validation,
                                                   packed_window_options options,
                                                   instance_stream_options instances = {}) {
    const window_maker maker{Tokens, options};
    if (const auto checked = maker.check(validation); !checked) return failure{checked.error()};
    std::vector<token_window> held_out = maker.in_order(validation);
    if (held_out.empty())
      return failure{training_error{training_error::problem::not_enough_data,
                                    "the documents held out for validation have no tokens"}};
    auto stream = instance_stream<Source, window_maker>::of(std::move(training), maker, instances);
    if (!stream) return failure{stream.error()};
    return packed_windows{std::move(*stream), std::move(held_out)};
  }

  /// Training batches that see as many windows as an epoch has. The last one is filled up from the next.
  index_type batches_per_epoch() const { return index_type((stream_.instances_per_epoch() + Batch - 1) / Batch); }

  /// Errors: those of `instance_stream::operator[]`.
  result<token_batch, training_error> training_batch(std::uint64_t number) {
    rows_.clear();
    for (std::uint64_t i = 0; i < std::uint64_t(Batch); ++i) {
      const auto drawn = stream_[number * std::uint64_t(Batch) + i];
      if (!drawn) return failure{drawn.error()};
      rows_.add(drawn->value.ids, drawn->value.labels);
    }
    return rows_.batch();
  }

  index_type validation_batches() const { return (index_type(validation_.size()) + Batch - 1) / Batch; }
  /// Precondition: 0 <= part < validation_batches().
  token_batch validation_batch(index_type part) {
    TYPEFORMER_PRECONDITION(part >= 0 && part < validation_batches());
    rows_.clear();
    for (index_type w = part * Batch; w < std::min((part + 1) * Batch, index_type(validation_.size())); ++w)
      rows_.add(validation_[std::size_t(w)].ids, validation_[std::size_t(w)].labels);
    return rows_.batch();
  }

 private:
  packed_windows(instance_stream<Source, window_maker> stream, std::vector<token_window> validation)
      : stream_{std::move(stream)}, validation_{std::move(validation)} {}

  instance_stream<Source, window_maker> stream_;
  std::vector<token_window> validation_;
  token_batch_builder rows_;
};

}  // namespace typeformer
