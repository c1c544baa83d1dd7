// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <limits>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer::testing {

inline constexpr float none = std::numeric_limits<float>::quiet_NaN();

/// Two sequences of two tokens and one, of which the last token has no target. Positions are 0: they add (0, 1).
struct batch_with_targets {
  std::array<index_type, 3> first_row{0, 2, 3};
  std::array<std::int32_t, 3> positions{0, 0, 0};
  std::array<float, 6> features{0.5f, -1, 2, 0, 1, -3}, targets{1, 0.25f, -1, 0.5f, none, none};
  std::array<float, 4> sequence_targets{1, 0, 0, 1};

  token_batch view() const {
    token_batch batch;
    batch.sequences = 2;
    batch.rows = 3;
    batch.first_row = first_row.data();
    batch.positions = positions.data();
    batch.features = features.data();
    batch.feature_rows = 3;
    batch.channels = 2;
    batch.targets = targets.data();
    batch.outputs = 2;
    batch.sequence_targets = sequence_targets.data();
    batch.sequence_outputs = 2;
    return batch;
  }
};

}  // namespace typeformer::testing
