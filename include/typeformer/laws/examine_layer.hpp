// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <algorithm>
#include <type_traits>
#include <utility>

#include <typeformer/contract/faulty_calls.hpp>
#include <typeformer/contract/layer.hpp>
#include <typeformer/execution/execution_examiner.hpp>
#include <typeformer/laws/decoding_law.hpp>
#include <typeformer/laws/gradient_law.hpp>
#include <typeformer/laws/in_place_law.hpp>
#include <typeformer/laws/padding_law.hpp>
#include <typeformer/laws/probe.hpp>
#include <typeformer/laws/sequences_law.hpp>
#include <typeformer/laws/shadow_memory.hpp>
#include <typeformer/laws/single_precision_law.hpp>
#include <typeformer/laws/source_probe.hpp>
#include <typeformer/laws/uses.hpp>

namespace typeformer::error {
/// The laws compute in double: `execute` takes views of any scalar.
template <class Layer> struct execute_takes_no_double : mismatch {};
}  // namespace typeformer::error

namespace typeformer::laws {

/// What the laws cannot find out about a layer by themselves.
struct examination {
  bool decodes = true;    ///< false: tokens see later ones, so that they cannot come one by one
  index_type memory = 0;  ///< tokens of earlier segments in training
};

inline constexpr examination sees_later_tokens{.decodes = false};

namespace detail {

inline finding finding_of(const shadow_report& report) {
  return {
      true, double(report.errors()), 0, report.reads,
      sentence("faults: ", report.stale_reads, " reads of what was overwritten, ", report.outside, " writes outside, ",
               report.clashes, " writes over what is in use, ", report.shared_state, " cells of state shared")};
}
template <class Walk, class Use> constexpr index_type above_bound() {
  return planned<Walk, Use>::value.arena[0] - planned<Walk, Use>::value.live_bound;
}
/// Whether `Walk` has an output for each token.
template <class Walk> constexpr bool delivers_tokens() {
  using context = shadow_memory<planned<Walk, law_evaluation>>;
  using delivered = decltype(Walk::walk(std::declval<context&>()));
  if constexpr (requires { delivered::rows_are; }) return delivered::rows_are == axis::token;
  else return false;
}

/// The fault that keeps a walk from being planned, or nothing: parameters that overlap, or states in a walk that has
/// none.
template <class Walk, class Use> constexpr walk_fault fault_of = typeformer::detail::solved<Walk, Use>.fault;
template <class Walk, class Use> void check_layout(finding& f) {
  constexpr const walk_fault& fault = fault_of<Walk, Use>;
  f.found(fault.what != walk_problem::none, "faults: the walk cannot be planned, ", fault.where.name, " has ",
          fault.got, " and should have ", fault.expected);
}
template <class Training, class Inference, examination How> verdict examine_planned(verdict v, index_type vocabulary) {
  using training = law_training_with<How.memory>;
  using decoding = law_decoding_with<How.memory>;
  index_type tokens = 11;  // different rows: a layer alone sees no ids
  if constexpr (requires { typename Inference::model; }) tokens = (std::min)(tokens, vocabulary);
  const ragged_batch batch{law_capacities, vocabulary}, next_batch{training::reserved, vocabulary};
  const shadow_report in_training = watch_memory<Training, training>(),
                      in_evaluation = watch_memory<Inference, law_evaluation>();
  v[law::training_memory] = finding_of(in_training);
  v[law::evaluation_memory] = finding_of(in_evaluation);
  v.training_above_bound = above_bound<Training, training>();
  v.evaluation_above_bound = above_bound<Inference, law_evaluation>();
  if (!v.passed()) return v;  // running it could overwrite memory of others
  const gradient_report gradients = check_gradients<Training, training>(next_batch.view());
  v[law::gradients] = {true, gradients.worst, 1e-8, gradients.tested, gradients.where};
  v[law::merging] = {true,
                     double(!merging_changes_nothing<Training, training>(next_batch.view()) +
                            !merging_changes_nothing<Inference, law_evaluation>(batch.view())),
                     0,
                     2,
                     {}};
  v[law::precision] = {true, single_precision_error<Inference, law_evaluation>(batch.view()), 1e-5, 1, {}};
  v[law::sequences] = check_sequences<Inference, law_evaluation>(tokens);
  v[law::padding] = check_padding<Inference, law_evaluation>(tokens);
  if (in_training.random_sites == 0) v[law::padded_gradients] = check_padded_gradients<Training, law_training>(tokens);
  if constexpr (How.decodes) {
    v[law::decoding_memory] = finding_of(watch_memory<Inference, decoding>());
    v.decoding_above_bound = above_bound<Inference, decoding>();
    if constexpr (delivers_tokens<Inference>())
      v[law::decoding] = check_decoding<Inference, law_evaluation, law_decoding>(tokens);
  }
  return v;
}
template <class Training, class Inference, examination How> verdict examine(index_type vocabulary) {
  using training = law_training_with<How.memory>;
  verdict v;
  check_layout<Inference, law_evaluation>(v[law::layout]);
  check_layout<Training, training>(v[law::layout]);
  if constexpr (fault_of<Inference, law_evaluation>.what == walk_problem::none &&
                fault_of<Training, training>.what == walk_problem::none)
    return examine_planned<Training, Inference, How>(v, vocabulary);
  else return v;
}

/// The shape of a layer's output, or the first mismatch that the examiner finds in it or in the layers inside it.
template <class Layer, class In, class Examiner> using examined_layer = infer<Layer, In, scope<declared<Examiner>>>;
template <class Scalar, class Use = law_training>
using execution_in = execution_examiner<Use, Scalar, canonical_weights_view<Scalar>, inline_workers>;

/// Nothing, or the mismatch that keeps a layer from decoding.
template <class Layer, class In, examination How> constexpr auto decoding_fit_of() {
  using use = law_decoding_with<How.memory>;
  using calls = typeformer::detail::call_examiner<use, error::state_is_given_a_type_of_elements>;
  if constexpr (!How.decodes) return std::type_identity<nothing>{};
  else if constexpr (!Shape<examined_layer<Layer, In, calls>>)
    return std::type_identity<examined_layer<Layer, In, calls>>{};
  else return std::type_identity<examined_layer<Layer, In, execution_in<float, use>>>{};
}

/// The shape of a layer's output, or the mismatch that keeps it from being run or trained.
template <class Layer, class In, examination How> constexpr auto fit_of() {
  using trained = examined_layer<Layer, In, training_examiner<law_training>>;
  if constexpr (!Shape<trained>) return std::type_identity<trained>{};
  else if constexpr (!Shape<examined_layer<Layer, In, execution_in<float>>>)
    return std::type_identity<examined_layer<Layer, In, execution_in<float>>>{};
  else if constexpr (!Shape<examined_layer<Layer, In, execution_in<double>>>)
    return std::type_identity<error::execute_takes_no_double<Layer>>{};
  else return decoding_fit_of<Layer, In, How>();
}
template <class Layer, index_type Width, examination How>
using layer_fit = typename decltype(fit_of<Layer, token_rows<Width>, How>())::type;

template <class Layer, index_type Width, examination How> struct layer_examination {
  verdict operator()() const {
    return examine<typename probe<Layer, Width>::training, typename probe<Layer, Width>::inference, How>(2);
  }
};

}  // namespace detail

/// Checks all laws for one layer, with an input of this width.
///
/// Cost: some thousand runs in double. The walk is compiled for training, evaluation and decoding.
template <class Layer, index_type Width, examination How = examination{}>
  requires fits_together<detail::layer_fit<Layer, Width, How>>
inline constexpr detail::layer_examination<Layer, Width, How> examine_layer{};

/// Checks all laws for one layer that reads a source, with inputs of these widths.
template <class Layer, index_type Width, index_type SourceWidth, examination How = examination{}>
verdict examine_source_layer() {
  using probed = source_probe<Layer, Width, SourceWidth>;
  return detail::examine<typename probed::training, typename probed::inference, How>(2);
}

}  // namespace typeformer::laws
