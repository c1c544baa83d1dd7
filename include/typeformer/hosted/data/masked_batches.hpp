// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/data/batch_extents.hpp>
#include <typeformer/hosted/data/instance_stream.hpp>
#include <typeformer/hosted/data/recorded_batches.hpp>
#include <typeformer/hosted/setting_message.hpp>

namespace typeformer {

/// When the hidden tokens are drawn.
enum class mask_drawing {
  once_an_instance,  ///< the same tokens each time an instance comes (static masking: Devlin et al. 2019)
  every_time         ///< new tokens for each batch (dynamic masking: Liu et al. 2019, arXiv:1907.11692, §4.1)
};

struct masked_batch_options {
  instance_stream_options instances{};
  mask_drawing drawing = mask_drawing::every_time;
  /// How tokens are hidden. The mask token and the vocabulary are those of the maker.
  masking hiding{};
};

/// Batches of an encoder's pre-training: instances of documents with hidden tokens, `Batch` of them without padding.
///
/// Training batch n is a function of n and the seed alone. Validation goes through the instances of the held-out
/// documents, always with the same hidden tokens. With `once_an_instance`, a text hides `editions` different sets of
/// tokens before the first one comes again.
template <index_type Batch, index_type Tokens, class Maker, DocumentSource Source>
  requires fits_together<batch_extents<Batch, Tokens>>
class masked_batches {
 public:
  /// Errors: a setting of `masking` out of its range; those of `instance_stream`; the held-out documents have no
  /// instance, or a token outside the vocabulary; the maker's instances are longer than `Tokens`.
  static result<masked_batches, training_error> of(Source training, const std::vector<token_document>& validation,
                                                   Maker maker, masked_batch_options options = {}) {
    using problem = training_error::problem;
    options.hiding.mask_id = maker.vocabulary().mask();
    options.hiding.vocabulary = maker.vocabulary().size();
    if (maker.tokens() > Tokens)
      return failure{training_error{problem::bad_option, "expected instances of at most " + std::to_string(Tokens) +
                                                             " tokens, found " + std::to_string(maker.tokens())}};
    if (const auto right = check_settings(options.hiding, "masking"); !right) return failure{right.error()};
    if (const auto checked = maker.check(validation); !checked) return failure{checked.error()};
    philox generator = random_stream(options.instances.seed, drawn_for::validation_instances);
    std::vector<masked_instance> held_out;
    for (pretraining_instance& instance : maker(validation, generator)) {
      philox words = random_stream(options.instances.seed, drawn_for::validation_masks, {held_out.size()});
      held_out.push_back(masked(std::move(instance), options.hiding, words));
    }
    auto recorded = recorded_batches<Batch, Tokens>::of(std::move(held_out));
    if (!recorded)
      return failure{
          training_error{problem::not_enough_data, "the documents held out for validation give no instance"}};
    auto stream = instance_stream<Source, Maker>::of(std::move(training), std::move(maker), options.instances);
    if (!stream) return failure{stream.error()};
    return masked_batches{std::move(*stream), std::move(*recorded), options};
  }

  /// Training batches that see as many instances as an epoch has. The last one is filled up from the next.
  index_type batches_per_epoch() const { return index_type((stream_.instances_per_epoch() + Batch - 1) / Batch); }

  /// Errors: those of `instance_stream::operator[]`.
  result<token_batch, training_error> training_batch(std::uint64_t number) {
    rows_.clear();
    for (std::uint64_t i = 0; i < std::uint64_t(Batch); ++i) {
      const auto drawn = stream_[number * std::uint64_t(Batch) + i];
      if (!drawn) return failure{drawn.error()};
      const std::uint64_t seed = options_.instances.seed;
      philox words = options_.drawing == mask_drawing::every_time
                         ? random_stream(seed, drawn_for::masks_of_batch, {number, i})
                         : random_stream(seed, drawn_for::masks, {drawn->shard, drawn->edition, drawn->number});
      const masked_instance instance = masked(drawn->value, options_.hiding, words);
      rows_.add(instance.ids, instance.labels, instance.segments, instance.label);
    }
    return rows_.batch();
  }

  index_type validation_batches() const { return recorded_.validation_batches(); }
  token_batch validation_batch(index_type part) { return recorded_.validation_batch(part); }

 private:
  masked_batches(instance_stream<Source, Maker> stream, recorded_batches<Batch, Tokens> recorded,
                 masked_batch_options options)
      : stream_{std::move(stream)}, recorded_{std::move(recorded)}, options_{options} {}

  instance_stream<Source, Maker> stream_;
  recorded_batches<Batch, Tokens> recorded_;
  masked_batch_options options_;
  token_batch_builder rows_;
};

}  // namespace typeformer
