// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <typeformer/laws/random_values.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::laws {

/// The rows of one call, built token by token. Positions count the valid tokens. The label of a token is the next token
/// of its sequence.
class token_rows_of_call {
 public:
  /// `padded_length`: tokens of every sequence, valid or not; 0: there is no padding.
  explicit token_rows_of_call(index_type padded_length = 0) : padded_length_{padded_length} { first_row_.push_back(0); }

  void start_sequence(index_type past = 0) {
    past_.push_back(past);
    first_row_.push_back(first_row_.back());
    sequence_labels_.push_back(std::int32_t(past_.size() % 2));
    answer_spans_.insert(answer_spans_.end(), {-100, -100});
    last_valid_ = -1;
    position_ = past;
  }
  void add(std::int32_t id, bool valid = true) {
    const std::int32_t row = std::int32_t(ids_.size()), in_sequence = row - std::int32_t(first_row_.rbegin()[1]);
    if (valid) {
      if (last_valid_ >= 0) labels_[std::size_t(last_valid_)] = id, ++labels_in_all_;
      else answer_spans_.rbegin()[1] = in_sequence;
      answer_spans_.back() = in_sequence;
      last_valid_ = row;
    }
    ids_.push_back(id);
    positions_.push_back(std::int32_t(position_));
    valid_.push_back(valid);
    labels_.push_back(-100);
    position_ += valid;
    ++first_row_.back();
  }

  token_batch view() const {
    token_batch batch;
    batch.sequences = index_type(past_.size());
    batch.rows = first_row_.back();
    batch.first_row = first_row_.data();
    batch.past = past_.data();
    batch.ids = ids_.data();
    batch.positions = positions_.data();
    batch.labels = labels_.data();
    batch.sequence_labels = sequence_labels_.data();
    batch.answer_spans = answer_spans_.data();
    batch.loss_scale = labels_in_all_ > 0 ? 1.0 / double(labels_in_all_) : 1;
    batch.sequence_loss_scale = 1.0 / double(past_.size());
    if (padded_length_ > 0) {
      batch.key_valid = valid_.data();
      batch.key_stride = padded_length_;
    }
    return batch;
  }
  bool is_valid(index_type row) const { return valid_[std::size_t(row)] != 0; }

 private:
  index_type padded_length_, position_ = 0;
  std::int32_t last_valid_ = -1, labels_in_all_ = 0;
  std::vector<index_type> first_row_, past_;
  std::vector<std::int32_t> ids_, positions_, labels_, sequence_labels_, answer_spans_;
  std::vector<std::uint8_t> valid_;
};

/// The tokens of a call, and of the texts that an encoder reads for it. `view` is valid as long as this object is not
/// moved.
class token_call {
 public:
  token_rows_of_call tokens, source;

  token_call() = default;
  /// Padded to these lengths.
  token_call(index_type tokens_length, index_type source_length) : tokens{tokens_length}, source{source_length} {}

  /// Without the source if none was added.
  token_batch view() {
    token_batch batch = tokens.view();
    source_view_ = source.view();
    if (source_view_.rows > 0) batch.source = &source_view_;
    return batch;
  }

 private:
  token_batch source_view_{};
};

/// A text of one sequence, and the one that its encoder reads.
struct law_text {
  std::vector<std::int32_t> ids{}, source{};
};
inline law_text random_text(pseudo_random& random, index_type vocabulary, index_type length, index_type source_length) {
  law_text text;
  for (index_type i = 0; i < length; ++i) text.ids.push_back(random.below(vocabulary));
  for (index_type i = 0; i < source_length; ++i) text.source.push_back(random.below(vocabulary));
  return text;
}

/// All tokens of these texts, ragged.
inline token_call call_of(const std::vector<law_text>& texts) {
  token_call call;
  for (const law_text& text : texts) {
    call.tokens.start_sequence();
    for (const std::int32_t id : text.ids) call.tokens.add(id);
    call.source.start_sequence();
    for (const std::int32_t id : text.source) call.source.add(id);
  }
  return call;
}

}  // namespace typeformer::laws
