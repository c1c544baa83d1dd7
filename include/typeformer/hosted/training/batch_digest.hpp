// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// A number that distinguishes batches: their sequences, numbers of earlier tokens, ids, positions, segments, prefixes,
/// labels, features, images, targets and inputs of the user's own, and those of the source, but not what the trainer sets.
///
/// FNV-1a over 32-bit words (Fowler, Noll, Vo). Cost: a pass over the batch.
inline std::uint64_t batch_digest(const token_batch& batch, std::uint64_t digest = 0xCBF2'9CE4'8422'2325) {
  const auto add = [&](std::uint32_t word) { digest = (digest ^ word) * 0x100'0000'01B3; };
  const auto add_all = [&](const auto* words, index_type count) {
    add(words ? 1 : 0);
    for (index_type i = 0; words && i < count; ++i) add(static_cast<std::uint32_t>(words[i]));
  };
  add(static_cast<std::uint32_t>(batch.sequences));
  add_all(batch.first_row, batch.sequences + 1);
  if (batch.past) add_all(batch.past, batch.sequences);
  add_all(batch.ids, batch.rows);
  add_all(batch.positions, batch.rows);
  add_all(batch.segments, batch.rows);
  add_all(batch.prefixes, batch.sequences);
  add_all(batch.key_valid, batch.sequences * batch.key_stride);
  add_all(batch.labels, batch.rows);
  add_all(batch.sequence_labels, batch.sequences);
  add_all(batch.answer_spans, 2 * batch.sequences);
  const auto add_real = [&](const float* values, index_type count) {
    if (!values || count == 0) return;  // so that batches without them keep the digests of earlier versions
    add(static_cast<std::uint32_t>(count));
    for (index_type i = 0; i < count; ++i) add(std::bit_cast<std::uint32_t>(values[i]));
  };
  add_real(batch.features, batch.feature_rows * batch.channels);
  add_real(batch.images, batch.sequences * batch.image_values);
  add_real(batch.targets, batch.rows * batch.outputs);
  add_real(batch.sequence_targets, batch.sequences * batch.sequence_outputs);
  for (const own_table& table : batch.own) {
    if (!table.kind) continue;
    for (const char* c = table.kind->name; *c; ++c) add(static_cast<std::uint32_t>(*c));
    add_real(table.numbers, table.numbers ? table.elements : 0);
    if (table.ids) add_all(table.ids, table.elements);
  }
  return batch.source ? batch_digest(*batch.source, digest) : digest;
}

}  // namespace typeformer
