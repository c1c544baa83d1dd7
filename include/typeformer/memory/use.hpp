// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The rules of the planner; the tests switch them off one by one to see that the shadow law notices.
struct planning_rules {
  bool outer_buffers_live_through_loops = true;
  bool later_visits_keep_slots = true;
  bool merge_in_place = true;
  bool separate_what_lives_at_once = true;
};

enum class purpose {
  decode,    ///< remembers keys and values, delivers the logits of each sequence's last row
  evaluate,  ///< remembers nothing, delivers the logits of all rows
  score,     ///< remembers nothing, delivers the objective's loss
  train      ///< scores and walks back
};

/// What a walk is for and how much it may hold: all that a plan depends on beside the model.
template <purpose Purpose, capacities Reserved, bool Observes = false, planning_rules Rules = planning_rules{}>
struct walk_use {
  static constexpr purpose what_for = Purpose;
  static constexpr capacities reserved = Reserved;
  static constexpr planning_rules rules = Rules;
  static constexpr bool remembers = Purpose == purpose::decode;
  static constexpr bool delivers_last_rows = Purpose == purpose::decode;
  /// The logits never become a buffer: the objective computes them chunk by chunk from what enters the head.
  static constexpr bool defers_logits = Purpose == purpose::score || Purpose == purpose::train;
  static constexpr bool drops_out = Purpose == purpose::train;
  static constexpr bool observes = Observes;
};

/// The use whose plan tells parameters: their names, extents and offsets do not depend on the use.
using parameter_use = walk_use<purpose::evaluate, capacities{1, 1, 0}>;

/// The caller reads what the walk delivers: the last touch of every plan.
struct delivery {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

}  // namespace typeformer
