// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <typeformer/contract/output_widths.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/cross_entropy.hpp>
#include <typeformer/execution/objective_sum.hpp>
#include <typeformer/execution/regression.hpp>
#include <typeformer/laws/examine_layer.hpp>
#include <typeformer/laws/frozen_law.hpp>
#include <typeformer/laws/memory_law.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/objective_walk.hpp>

namespace typeformer::laws {

namespace detail {
/// The number of ids that source and target have in common. If a model reads real values, these are a function of the
/// ids (`real_tables`). The ids are labels, too, so there are as many as classes of tokens.
template <class M> constexpr index_type common_vocabulary() {
  if constexpr (reads_real_values<M>) return token_outputs<M> > 1 ? token_outputs<M> : 11;
  else if constexpr (requires { index_type(M::source_vocabulary); })
    return M::source_vocabulary > 0 && M::source_vocabulary < M::vocabulary ? M::source_vocabulary : M::vocabulary;
  else return M::vocabulary;
}
}  // namespace detail

/// Checks all laws for a model with an objective that fits it: those of its layers, and those that only models have.
template <Model M, ObjectiveFor<M> Objective = causal_language_model> verdict examine_model() {
  verdict v = detail::examine<objective_walk<M, Objective>, forward_walk<M>,
                              examination{.decodes = M::decodes, .memory = segment_memory_of<M>}>(
      detail::common_vocabulary<M>());
  const ragged_batch batch{law_capacities, detail::common_vocabulary<M>()};
  v[law::precision].found(packed_weights_error<M, law_evaluation>(batch.view()), "with packed weights");
  v[law::memory] = check_memory<M, Objective>();
  v[law::frozen] = check_frozen<M>();
  return v;
}

}  // namespace typeformer::laws
