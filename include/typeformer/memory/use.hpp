// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The rules of the planner. Tests switch them off one by one and expect the shadow law to fail.
struct planning_rules {
  bool outer_buffers_live_through_loops = true;
  bool later_visits_keep_slots = true;
  bool merge_in_place = true;
  bool separate_what_lives_at_once = true;
};

enum class purpose {
  decode,    ///< caches keys and values, computes the logits of each sequence's last row
  evaluate,  ///< caches nothing, computes the logits of all rows
  score,     ///< caches nothing, computes the objective's loss
  train      ///< computes the loss and the gradients
};

/// The purpose of a walk and its capacities: all that a plan depends on beside the model.
template <purpose Purpose, capacities Reserved, bool Observes = false, planning_rules Rules = planning_rules{}>
struct walk_use {
  static constexpr purpose what_for = Purpose;
  static constexpr capacities reserved = Reserved;
  static constexpr planning_rules rules = Rules;
  static constexpr bool caches = Purpose == purpose::decode;
  static constexpr bool delivers_last_rows = Purpose == purpose::decode;
  /// The logits never become a buffer: the objective computes them in chunks from the input of the head.
  static constexpr bool defers_logits = Purpose == purpose::score || Purpose == purpose::train;
  static constexpr bool drops_out = Purpose == purpose::train;
  static constexpr bool observes = Observes;
  /// Attention computes its probabilities again for an observer. Training would keep them for each layer.
  static constexpr bool observes_attention = Observes && Purpose == purpose::evaluate;
};

/// The use that gives the parameters. Their names, extents and offsets do not depend on the use.
using parameter_use = walk_use<purpose::evaluate, capacities{1, 1, 0}>;

/// The caller reads the result of the walk: the last use in every plan.
struct delivery {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

}  // namespace typeformer
