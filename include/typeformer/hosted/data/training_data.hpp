// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <string>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/training_error.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The source of a trainer's batches. The n-th batch is a function of n and a seed alone, so that training can continue
/// at any step. A batch stays valid until the next one is requested. Data that can fail when they are read return
/// training batches as `result<token_batch, training_error>`. The trainer sets the scales of the loss and the seed and
/// step of dropout. For models with a memory of earlier segments, `token_batch::past` marks sequences that continue
/// those of batch n - 1.
template <class D>
concept TrainingData = requires(D data, std::uint64_t number, index_type part) {
  result<token_batch, training_error>{data.training_batch(number)};
  { data.validation_batches() } -> std::same_as<index_type>;
  { data.validation_batch(part) } -> std::same_as<token_batch>;
};

/// A training batch of any data. Errors name its number.
template <TrainingData D> result<token_batch, training_error> training_batch_of(D& data, std::uint64_t number) {
  result<token_batch, training_error> batch{data.training_batch(number)};
  if (batch) return batch;
  return failure{
      training_error{batch.error().what, "training batch " + std::to_string(number) + ": " + batch.error().message()}};
}

}  // namespace typeformer
