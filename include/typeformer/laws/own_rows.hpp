// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <typeformer/laws/random_values.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::laws {

/// Pseudo-random numbers in (-1, 1), a function of an id, of the place in its row and of a seed.
inline double value_of_id(std::int32_t id, index_type place, std::uint32_t seed) {
  pseudo_random random{seed + 1009 * std::uint32_t(id) + 7919 * std::uint32_t(place)};
  random.word();
  return random.between(-1, 1);
}

/// The inputs of the user's own that a plan reads, for the batches of laws. Those of tokens are a function of the ids, so
/// that a relation between the ids of two batches holds for these too. Those of sequences are the same for all
/// sequences, because a call may have only the later tokens of one.
template <class Plan, bool OfSource> class own_rows {
  static constexpr const auto& kinds = own_inputs<Plan, OfSource>;

 public:
  /// Adds the tables to a batch, or to the source of one. They are valid until the next call.
  void attach(token_batch& batch) {
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const own_input_kind& kind = *kinds[k];
      const bool of_sequences = kind.rows_are == axis::sequence;
      const index_type rows = of_sequences ? batch.sequences : batch.rows;
      numbers_[k].clear();
      ids_[k].clear();
      for (index_type row = 0; row < rows; ++row)
        for (index_type i = 0; i < kind.width; ++i) {
          const double value = value_of_id(of_sequences ? 0 : batch.ids[row], i, 47 + std::uint32_t(k));
          if (kind.count > 0) ids_[k].push_back(std::int32_t((value + 1) / 2 * double(kind.count)));
          else numbers_[k].push_back(float(value));
        }
      if (kind.count > 0) tables_[k] = {kind, std::span<const std::int32_t>{ids_[k]}};
      else tables_[k] = {kind, std::span<const float>{numbers_[k]}};
    }
    batch.own = tables_;
  }

 private:
  std::array<std::vector<float>, kinds.size()> numbers_;
  std::array<std::vector<std::int32_t>, kinds.size()> ids_;
  std::array<own_table, kinds.size()> tables_;
};

}  // namespace typeformer::laws
