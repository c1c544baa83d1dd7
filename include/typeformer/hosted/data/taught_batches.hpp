// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/data/training_data.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// Data with the logits of a teacher as the targets of each labeled token, for `token_distillation`.
///
/// `Teacher` is a `forward_pass` of any decoder or encoder with logits of tokens, of the same vocabulary as the model that
/// learns, and of at least as many sequences and tokens as a batch has. Both must outlive this. Errors: those of the data;
/// `bad_batch` with what the teacher says of a batch. A batch of the validation that it rejects has no targets, which the
/// trainer says.
///
/// Memory: [rows][vocabulary] floats. Cost: the teacher's forward pass of each batch.
///
/// ```cpp
///   tf::forward_pass<teacher, tf::batch<8>> teaching{weights};
///   tf::taught_batches lessons{data, teaching};
///   training.run(lessons);  // tf::trainer<student, tf::token_distillation<2.0>, tf::adamw, tf::batch<8>>
/// ```
template <TrainingData Data, class Teacher> class taught_batches {
 public:
  taught_batches(Data& data, Teacher& teacher) : data_{&data}, teacher_{&teacher} {}

  result<token_batch, training_error> training_batch(std::uint64_t number) {
    result<token_batch, training_error> batch{data_->training_batch(number)};
    if (!batch) return batch;
    if (const std::string problem = teach(*batch); !problem.empty())
      return failure{training_error{training_error::problem::bad_batch, "teacher: " + problem}};
    return batch;
  }
  index_type validation_batches() const { return data_->validation_batches(); }
  token_batch validation_batch(index_type part) {
    token_batch batch = data_->validation_batch(part);
    teach(batch);
    return batch;
  }

 private:
  static constexpr index_type outputs = Teacher::vocabulary;

  /// Sets the targets. Returns what is wrong, or nothing.
  std::string teach(token_batch& batch) {
    if (batch.key_valid && batch.rows != batch.sequences * batch.key_stride)
      return "flags of validity need sequences of one length";
    const auto logits = run(batch);
    if (!logits) return std::string{logits.error().message().view()};
    logits_.resize(std::size_t(batch.rows * outputs));
    for (index_type row = 0; row < batch.rows; ++row) {
      float* const targets = logits_.data() + row * outputs;
      const bool is_labeled = !batch.labels || batch.labels[row] != no_label;
      for (index_type i = 0; i < outputs; ++i)
        targets[i] = is_labeled ? (*logits)[row][i] : std::numeric_limits<float>::quiet_NaN();
    }
    batch.targets = logits_.data();
    batch.outputs = outputs;
    return {};
  }

  auto run(const token_batch& batch) {
    if (batch.key_valid) {
      const std::size_t count = std::size_t(batch.rows);
      padded_tokens padded{.ids = {batch.ids, count}, .valid = {batch.key_valid, count}, .length = batch.key_stride};
      if (batch.segments) padded.segments = {batch.segments, count};
      if (batch.positions) padded.positions = {batch.positions, count};
      return teacher_->run(padded);
    }
    sequences_.clear();
    for (index_type s = 0; s < batch.sequences; ++s) {
      const std::size_t first = std::size_t(batch.first_row[s]), count = std::size_t(batch.rows_of(s));
      segmented_tokens tokens{std::span{batch.ids + first, count}};
      if (batch.segments) tokens.segments = std::span{batch.segments + first, count};
      sequences_.push_back(tokens);
    }
    return teacher_->run(std::span<const segmented_tokens>{sequences_});
  }

  Data* data_;
  Teacher* teacher_;
  std::vector<segmented_tokens> sequences_;
  std::vector<float> logits_;
};

}  // namespace typeformer
