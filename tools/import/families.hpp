// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <span>

#include "families/decoders.hpp"
#include "families/encoder_decoders.hpp"
#include "families/encoders.hpp"
#include "families/real_inputs.hpp"
#include "families/rotary_decoders.hpp"

namespace importing {

/// Every family that can be imported. Where a file does not name its architecture, the first of its type is meant.
inline constexpr std::span<const family> groups_of_families[] = {decoders, rotary_decoders, encoder_decoders, encoders,
                                                                 real_inputs};

/// A row that becomes a member must name a meaning.
static_assert(std::ranges::all_of(groups_of_families, [](std::span<const family> group) {
  return std::ranges::all_of(group, [](const family& one) {
    return std::ranges::all_of(one.rows, [](const row& fact) {
      return fact.name.empty() || fact.read != set_member || meaning_of(fact.name) != nullptr;
    });
  });
}));

}  // namespace importing
