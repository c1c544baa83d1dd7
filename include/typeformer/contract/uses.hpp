// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>
#include <utility>

#include <typeformer/contract/attention_sinks.hpp>
#include <typeformer/contract/cache_format.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/model.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/memory/planner.hpp>
#include <typeformer/memory/use.hpp>

namespace typeformer {

/// Whether uses for that purpose read an option. It is specialized where the option is defined.
template <class Option, purpose For> inline constexpr bool is_option_of = false;
template <index_type N, purpose For> inline constexpr bool is_option_of<batch<N>, For> = true;
template <index_type N, purpose For> inline constexpr bool is_option_of<tokens<N>, For> = true;
template <index_type N, purpose For> inline constexpr bool is_option_of<source<N>, For> = true;
template <index_type N> inline constexpr bool is_option_of<context<N>, purpose::decode> = true;

/// The options that uses for a purpose know.
template <purpose For> struct options_of_uses {
  template <class Option> static constexpr bool knows = is_option_of<Option, For>;
};

namespace detail {
/// The context of a use, or a mismatch if the model has less.
template <index_type Asked, class M>
using within_context =
    std::conditional_t<(Asked <= M::context), context<Asked>,
                       error::more_context_is_asked_for_than_the_model_has<context<Asked>, context<M::context>, M>>;

template <class M> inline constexpr bool reads_a_source = requires { requires M::reads_source; };
template <class M, class... Options> constexpr index_type source_for() {
  if constexpr (reads_a_source<M>) return chosen<source<M::source_context>, Options...>::value;
  else return 0;
}
/// The same for the source of an encoder.
template <class M, class Checked, class... Options> constexpr auto within_source() {
  if constexpr (source_for<M, Options...>() > source_for<M>())
    return error::more_context_is_asked_for_than_the_model_has<source<source_for<M, Options...>()>,
                                                               source<source_for<M>()>, M>{};
  else return Checked{};
}

template <class M, class Checked, purpose For, class... Options> constexpr auto use_with_options() {
  using options = check_options<M, options_of_uses<For>, Options...>;
  if constexpr (!Shape<options>) return std::type_identity<options>{};
  else if constexpr (!reads_a_source<M> && gives_option<source<1>, Options...>)
    return std::type_identity<error::option_is_unknown<chosen<source<1>, Options...>, M>>{};
  else return std::type_identity<decltype(within_source<M, Checked, Options...>())>{};
}

template <class M> constexpr bool decodes = requires { requires M::decodes; };

/// Whether a model's logits, `Output`, predict tokens of `M`. For a model that reads features: whether it has an output
/// for each token.
template <class M, class Output> constexpr auto checked_token_logits() {
  if constexpr (!requires { requires Output::rows_are == axis::token; })
    return std::type_identity<error::session_needs_logits_of_tokens<Output, M>>{};
  else if constexpr (reads_images<M>) return std::type_identity<error::session_reads_no_images<M>>{};
  else if constexpr (Output::width != M::vocabulary && !reads_features<M>)
    return std::type_identity<
        error::logits_are_not_of_the_vocabulary<width<Output::width>, vocabulary<M::vocabulary>, M>>{};
  else return std::type_identity<Output>{};
}

template <class M, class Use> constexpr auto checked_decoder_output() {
  using logits = typename decltype(checked_token_logits<M, typename M::output>())::type;
  if constexpr (!Shape<logits>) return std::type_identity<logits>{};
  else if constexpr (!Use::delivers_last_rows) return std::type_identity<logits>{};
  else if constexpr (decltype(forward_walk<M>::walk(std::declval<planner<Use>&>()))::rows_are != axis::sequence)
    return std::type_identity<error::head_does_not_select_the_last_rows<M>>{};
  else return std::type_identity<logits>{};
}

template <class M> constexpr index_type memory_of_segments() {
  if constexpr (requires { index_type(M::memory_length); }) return M::memory_length;
  else return 0;
}
/// Whether the model predicts tokens, and whether the cache is at most its context and at least what its memory needs.
template <class M, class Use> constexpr auto checked_decoding() {
  constexpr index_type Context = Use::reserved.context, Tokens = Use::reserved.tokens;
  constexpr index_type sinks = (std::max)(Use::reserved.sinks, index_type{0});
  constexpr index_type needed = memory_of_segments<M>() + sinks + Tokens;
  if constexpr (!decodes<M>) return error::only_a_decoder_predicts_the_next_token<M>{};
  else if constexpr (constexpr auto logits = checked_decoder_output<M, Use>(); !Shape<typename decltype(logits)::type>)
    return typename decltype(logits)::type{};
  else if constexpr (memory_of_segments<M>() == 0 && Use::reserved.sinks < 0) return within_context<Context, M>{};
  else if constexpr (Context < needed)
    return error::less_context_is_asked_for_than_memory_and_prompt_need<context<Context>, context<needed>, M>{};
  else if constexpr (memory_of_segments<M>() == 0) return within_context<Context, M>{};
  else return context<Context>{};
}
}  // namespace detail

/// Tokens of earlier segments that the attentions of a model see; 0: a text is one segment.
template <class M> inline constexpr index_type segment_memory_of = detail::memory_of_segments<M>();

/// `Checked`, or a mismatch: the first option that is not read, or a source that is longer than the model's.
template <class M, class Checked, purpose For, class... Options>
using with_checked_options = typename decltype(detail::use_with_options<M, Checked, For, Options...>())::type;

/// Tokens of the source for which a use reserves memory: its option, or the model's number.
template <class M, class... Options> inline constexpr index_type source_capacity = detail::source_for<M, Options...>();

/// Option of a session: the logits of every token of a call, instead of only the last one of each sequence. The arena
/// then holds batch · prompt rows of logits.
struct all_logits {};
template <> inline constexpr bool is_option_of<all_logits, purpose::decode> = true;

namespace detail {
template <class Use> struct delivering_all_rows : Use {
  static constexpr bool delivers_last_rows = false;
};
}  // namespace detail

template <class Format> inline constexpr bool is_option_of<cache_in<Format>, purpose::decode> = true;
template <index_type N> inline constexpr bool is_option_of<attention_sinks<N>, purpose::decode> = true;

/// Prefill and decode with cached keys and values. Options: `batch<B>` (1), `tokens<T>` new tokens per call (64 or the
/// context), `context<C>` cached tokens (the model's), `source<S>` tokens of the source (the model's), `all_logits`,
/// `cache_in<Format>`, `attention_sinks<N>`.
///
/// With a memory of earlier segments, cached tokens slide when `context` is full. It holds at least the memory and the
/// new tokens, by default twice the memory, so that sliding is rare.
template <class... Options> struct decoding_with {
  template <template <class...> class Of> using with_options = Of<Options...>;
  template <class M> static constexpr index_type seen_at_once = chosen<context<M::context>, Options...>::value;
  template <class M>
  static constexpr index_type tokens_for = chosen<
      tokens<(std::min)({index_type{64}, M::context, (segment_memory_of<M> > 0) ? M::context : seen_at_once<M>})>,
      Options...>::value;
  template <class M>
  static constexpr index_type context_for =
      chosen<context<(segment_memory_of<M> > 0) ? 2 * segment_memory_of<M> + tokens_for<M> : M::context>,
             Options...>::value;
  template <class M>
  static constexpr capacities reserved_for{
      chosen<batch<1>, Options...>::value, tokens_for<M>,        context_for<M>,
      source_capacity<M, Options...>,      segment_memory_of<M>, chosen<attention_sinks<-1>, Options...>::value};
  template <class M>
  using decoding_use =
      typename chosen<cache_in<float>, Options...>::template use_with<walk_use<purpose::decode, reserved_for<M>>>;
  template <class M>
  using use = std::conditional_t<has_option<all_logits, Options...>, detail::delivering_all_rows<decoding_use<M>>,
                                 decoding_use<M>>;
  template <class M>
  using checked = with_checked_options<
      M,
      decltype(detail::checked_sinks<
               M, use<M>,
               decltype(detail::checked_caches<M, use<M>, decltype(detail::checked_decoding<M, use<M>>())>())>()),
      purpose::decode, Options...>;
  template <class M> using walk = forward_walk<M>;
  template <class M> static constexpr bool gives(const planned_input& input) {
    return detail::has_input<M>(input, detail::giver::session);
  }
};
using decoding = decoding_with<>;

/// Option: the walk shows hidden states and attentions to an observer.
struct observing {};
template <> inline constexpr bool is_option_of<observing, purpose::evaluate> = true;
template <> inline constexpr bool is_option_of<observing, purpose::score> = true;
template <> inline constexpr bool is_option_of<observing, purpose::train> = true;

/// The logits of every row, without state. Options: `batch<B>` (1), `tokens<T>` tokens per sequence (the context).
template <class... Options> struct evaluating_with {
  template <template <class...> class Of> using with_options = Of<Options...>;
  template <class M>
  static constexpr capacities reserved_for{chosen<batch<1>, Options...>::value,
                                           chosen<tokens<M::context>, Options...>::value, 0,
                                           source_capacity<M, Options...>};
  template <class M>
  using checked =
      with_checked_options<M, detail::within_context<reserved_for<M>.tokens, M>, purpose::evaluate, Options...>;
  template <class M> using use = walk_use<purpose::evaluate, reserved_for<M>, has_option<observing, Options...>>;
  template <class M> using walk = forward_walk<M>;
  template <class M> static constexpr bool gives(const planned_input& input) {
    return detail::has_input<M>(input, detail::giver::forward_pass);
  }
};
using evaluating = evaluating_with<>;

/// The plan of a model for one of the uses above.
template <Model M, class Use> using plan_of = planned<typename Use::template walk<M>, typename Use::template use<M>>;

}  // namespace typeformer
