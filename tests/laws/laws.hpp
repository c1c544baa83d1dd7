// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <sstream>

#include <laws/gradient_law.hpp>
#include <laws/in_place_law.hpp>
#include <laws/probe.hpp>
#include <laws/shadow_memory.hpp>
#include <laws/single_precision_law.hpp>
#include <laws/source_probe.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/execution/cross_entropy.hpp>
#include <typeformer/objectives/execution/objective_sum.hpp>
#include <typeformer/objectives/objective_walk.hpp>

namespace typeformer::laws {

/// What the laws say of one layer or model.
struct verdict {
  gradient_report gradients;
  bool merging_changes_nothing = false, decodes = true;
  shadow_report training, evaluation, decoding;
  index training_above_bound = 0, evaluation_above_bound = 0,
        decoding_above_bound = 0;  ///< elements that the plan wastes
  double single_precision_error = 0;

  bool holds() const {
    return gradients.worst < 1e-8 && merging_changes_nothing && training.errors() == 0 && evaluation.errors() == 0 &&
           (!decodes || decoding.errors() == 0) && single_precision_error < 1e-5;
  }
  std::string text() const {
    std::ostringstream s;
    s << gradients.tested << " gradients (" << gradients.zero << " zero), worst error " << gradients.worst << " of "
      << gradients.where << "; merging changes " << (merging_changes_nothing ? "nothing" : "RESULTS")
      << "; shadow errors: training " << training.errors() << ", evaluation " << evaluation.errors() << ", decoding "
      << decoding.errors() << "; above the live bound: training " << training_above_bound << ", evaluation "
      << evaluation_above_bound << ", decoding " << decoding_above_bound << "; single precision error "
      << single_precision_error;
    return s.str();
  }
};

template <class Walk, class Use> constexpr index above_bound() {
  return planned<Walk, Use>::value.arena[0] - planned<Walk, Use>::value.live_bound;
}

namespace detail {

inline constexpr capacities law_capacities{2, 5, 0, 4};
using law_evaluation = walk_use<purpose::evaluate, law_capacities>;
template <index Memory> using law_training_with = walk_use<purpose::train, capacities{2, 5, 0, 4, Memory}>;
template <index Memory> using law_decoding_with = walk_use<purpose::decode, capacities{2, 5, 8, 4, Memory}>;
using law_training = law_training_with<0>;
using law_decoding = law_decoding_with<0>;

template <class Training, class Inference, bool Decodes = true, index Memory = 0> verdict examine(index vocabulary) {
  using training = law_training_with<Memory>;
  using decoding = law_decoding_with<Memory>;
  const ragged_batch batch{law_capacities, vocabulary}, next_batch{training::reserved, vocabulary};
  verdict v;
  v.decodes = Decodes;
  v.gradients = check_gradients<Training, training>(next_batch.view());
  v.merging_changes_nothing = merging_changes_nothing<Training, training>(next_batch.view()) &&
                              merging_changes_nothing<Inference, law_evaluation>(batch.view());
  v.training = watch_memory<Training, training>();
  v.evaluation = watch_memory<Inference, law_evaluation>();
  if constexpr (Decodes) v.decoding = watch_memory<Inference, decoding>();
  v.training_above_bound = above_bound<Training, training>();
  v.evaluation_above_bound = above_bound<Inference, law_evaluation>();
  if constexpr (Decodes) v.decoding_above_bound = above_bound<Inference, decoding>();
  v.single_precision_error = single_precision_error<Inference, law_evaluation>(batch.view());
  return v;
}

}  // namespace detail

/// All laws for one layer, with an input of this width; in training with a memory of that many tokens before.
template <class Layer, index Width, index Memory = 0> verdict examine_layer() {
  return detail::examine<typename probe<Layer, Width>::training, typename probe<Layer, Width>::inference, true, Memory>(2);
}

/// All laws for one layer that reads a source, with inputs of these widths.
template <class Layer, index Width, index SourceWidth> verdict examine_source_layer() {
  using probed = source_probe<Layer, Width, SourceWidth>;
  return detail::examine<typename probed::training, typename probed::inference>(2);
}

/// All laws for a model with an objective that fits it.
template <Model M, ObjectiveFor<M> Objective = causal_language_model> verdict examine_model() {
  verdict v = detail::examine<objective_walk<M, Objective>, forward_walk<M>, M::decodes, segment_memory_of<M>>(M::vocabulary);
  const ragged_batch batch{detail::law_capacities, M::vocabulary};
  v.single_precision_error =
      std::max(v.single_precision_error, packed_weights_error<M, detail::law_evaluation>(batch.view()));
  return v;
}

/// Shadow errors of plans that break one rule of the planner each: a law that never dies proves nothing.
struct mutant_errors {
  std::int64_t short_lived_outer_buffers = 0, forgotten_slots = 0, overlapping = 0;
};
template <class Walk, class Use> mutant_errors watch_mutants() {
  return {watch_memory<Walk, with_rules<Use, planning_rules{.outer_buffers_live_through_loops = false}>>().errors(),
          watch_memory<Walk, with_rules<Use, planning_rules{.later_visits_keep_slots = false}>>().errors(),
          watch_memory<Walk, with_rules<Use, planning_rules{.separate_what_lives_at_once = false}>>().errors()};
}

}  // namespace typeformer::laws
