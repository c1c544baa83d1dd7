// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <string>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// Where a trainer gets its batches. The n-th batch is a function of n and a seed alone, so that training can go on
/// at any step; a batch stays valid until the next is asked for. Data that may turn out wrong when they are read give
/// training batches as `result<token_batch, training_error>`. The scales of the loss, and what dropout draws from, are
/// the trainer's to set. Sequences that go on where those of batch n - 1 ended say so by `token_batch::past`, for models
/// with a memory of earlier segments.
template <class D>
concept TrainingData = requires(D data, std::uint64_t number, index_type part) {
  result<token_batch, training_error>{data.training_batch(number)};
  { data.validation_batches() } -> std::same_as<index_type>;
  { data.validation_batch(part) } -> std::same_as<token_batch>;
};

/// A training batch of any data; errors name its number.
template <TrainingData D> result<token_batch, training_error> training_batch_of(D& data, std::uint64_t number) {
  result<token_batch, training_error> batch{data.training_batch(number)};
  if (batch) return batch;
  return failure{
      training_error{batch.error().what, "training batch " + std::to_string(number) + ": " + batch.error().message()}};
}

}  // namespace typeformer
