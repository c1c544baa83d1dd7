// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>

/// What the examples that fine-tune share: texts of a little language, drawn from a seed, as data for the trainer.
namespace toy {

namespace tf = typeformer;

inline constexpr std::int32_t padding = 0, begin_of_text = 1, separator = 2, mask = 3, first_word = 4;

/// One text and what is to be learned about it; what has no target stays at `no_label`.
struct text {
  std::vector<std::int32_t> ids, labels;
  std::int32_t label = tf::no_label;
  std::int32_t answer[2] = {tf::no_label, tf::no_label};

  void add(std::int32_t id, std::int32_t token_label = tf::no_label) {
    ids.push_back(id);
    labels.push_back(token_label);
  }
};

/// A number below `size`.
inline std::int32_t pick(tf::philox& random, std::uint32_t size) {
  return std::int32_t(tf::uniform_below(size, random));
}

/// The same text for pre-training: one word in four is hidden, and is what the model must say there.
inline text hide_words(text t, tf::philox& random) {
  for (std::size_t i = 0; i < t.ids.size(); ++i) {
    t.labels[i] = tf::no_label;
    if (t.ids[i] >= first_word && pick(random, 4) == 0) t.labels[i] = std::exchange(t.ids[i], mask);
  }
  return t;
}

/// Batches of texts that `Draw` makes of random numbers. Text i is a function of the seed and i, and so is every batch:
/// what the trainer asks of its data. `texts` limits how many there are to train on; 0: no two batches are the same.
template <tf::index_type Batch, class Draw> class generated_texts {
 public:
  generated_texts(std::uint64_t seed, Draw draw, std::uint64_t texts = 0) : seed_{seed}, texts_{texts}, draw_{draw} {}

  tf::token_batch training_batch(std::uint64_t number) { return batch_from(number * Batch, texts_); }
  tf::index_type validation_batches() const { return 512 / Batch; }
  tf::token_batch validation_batch(tf::index_type part) {
    constexpr std::uint64_t far_from_training = std::uint64_t{1} << 40;
    return batch_from(far_from_training + std::uint64_t(part) * Batch, 0);
  }
  /// A text that is in no batch of training.
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
