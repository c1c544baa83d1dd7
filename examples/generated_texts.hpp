// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>

/// Code that the examples of fine-tuning share: texts of a small language, drawn from a seed, as data for the trainer.
namespace toy {

namespace tf = typeformer;

inline constexpr std::int32_t padding = 0, begin_of_text = 1, separator = 2, mask = 3, first_word = 4;

/// One text and its targets. Targets that it does not have are `no_label`.
struct text {
  std::vector<std::int32_t> ids, labels;
  std::int32_t label = tf::no_label;
  std::int32_t answer[2] = {tf::no_label, tf::no_label};

  void add(std::int32_t id, std::int32_t token_label = tf::no_label) {
    ids.push_back(id);
    labels.push_back(token_label);
  }
};

/// A random number below `size`.
inline std::int32_t pick(tf::philox& random, std::uint32_t size) {
  return std::int32_t(tf::uniform_below(size, random));
}

/// The same text for pre-training: one word in four is masked, and is the label at its place.
inline text hide_words(text t, tf::philox& random) {
  for (std::size_t i = 0; i < t.ids.size(); ++i) {
    t.labels[i] = tf::no_label;
    if (t.ids[i] >= first_word && pick(random, 4) == 0) t.labels[i] = std::exchange(t.ids[i], mask);
  }
  return t;
}

/// Batches of texts that `Draw` makes from random numbers. Text i depends on the seed and i only, and so does every
/// batch, as the trainer requires. `texts` is the number of different texts for training; 0: no text repeats.
template <tf::index_type Batch, class Draw> class generated_texts {
 public:
  generated_texts(std::uint64_t seed, Draw draw, std::uint64_t texts = 0) : seed_{seed}, texts_{texts}, draw_{draw} {}

  tf::token_batch training_batch(std::uint64_t number) { return batch_from(number * Batch, texts_); }
  tf::index_type validation_batches() const { return 512 / Batch; }
  tf::token_batch validation_batch(tf::index_type part) {
    constexpr std::uint64_t far_from_training = std::uint64_t{1} << 40;
    return batch_from(far_from_training + std::uint64_t(part) * Batch, 0);
  }
  /// A text that is in no training batch.
  text unseen(std::uint64_t number) {
    tf::philox random{seed_, (std::uint64_t{1} << 41) + number};
    return draw_(random);
  }

 private:
  tf::token_batch batch_from(std::uint64_t first, std::uint64_t limit) {
    rows_.clear();
    answers_.clear();
    for (std::uint64_t i = first; i < first + Batch; ++i) {
      tf::philox random{seed_, limit > 0 ? i % limit : i};
      const text t = draw_(random);
      rows_.add(t.ids, t.labels, {}, t.label);
      answers_.insert(answers_.end(), {t.answer[0], t.answer[1]});
    }
    tf::token_batch batch = rows_.batch();
    batch.answer_spans = answers_.data();
    return batch;
  }

  std::uint64_t seed_, texts_;
  Draw draw_;
  tf::token_batch_builder rows_;
  std::vector<std::int32_t> answers_;
};

template <tf::index_type Batch, class Draw>
generated_texts<Batch, Draw> texts_of(std::uint64_t seed, Draw draw, std::uint64_t texts = 0) {
  return {seed, draw, texts};
}

}  // namespace toy
