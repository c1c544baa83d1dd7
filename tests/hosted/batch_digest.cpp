// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cstdint>

#include <support/catch.hpp>
#include <typeformer/hosted/training/batch_digest.hpp>

namespace tf = typeformer;

TEST_CASE("gives batches with other sources other digests", "[training]") {
  const std::array<tf::index_type, 2> rows{0, 3};
  const std::array<std::int32_t, 3> positions{0, 1, 2}, target{1, 2, 3}, first{4, 5, 6}, second{4, 5, 7};
  const auto batch_of = [&](const auto& ids) {
    tf::token_batch batch;
    batch.sequences = 1, batch.rows = 3, batch.first_row = rows.data(), batch.ids = ids.data(),
    batch.positions = positions.data();
    return batch;
  };
  tf::token_batch batch = batch_of(target);
  const std::uint64_t alone = tf::batch_digest(batch);
  const tf::token_batch one = batch_of(first), other = batch_of(second);
  batch.source = &one;
  const std::uint64_t with_first = tf::batch_digest(batch);
  CHECK(with_first == tf::batch_digest(batch));
  batch.source = &other;
  CHECK(tf::batch_digest(batch) != with_first);
  CHECK(with_first != alone);
}
