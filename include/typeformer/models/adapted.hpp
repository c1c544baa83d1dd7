// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <typeformer/composition/checkpoint.hpp>
#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/composition/encoder_only.hpp>
#include <typeformer/composition/named.hpp>
#include <typeformer/composition/parallel.hpp>
#include <typeformer/composition/repeat.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/layers/adapts.hpp>
#include <typeformer/layers/blocks.hpp>
#include <typeformer/layers/feed_forward.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/initialize_adapters.hpp>

namespace typeformer {

namespace detail {

/// The layer with option `A` in each of its attentions and feed-forwards. Other layers do not change.
template <class Layer, class A> struct with_adapters {
  using type = Layer;
};
template <class Layer, class A> using with_adapters_t = typename with_adapters<Layer, A>::type;

// The composition of a type, also if the type is derived to have its own name: the nearest base is the best match.
template <class L> std::type_identity<L> composition_of(...);
template <class, class E, class... L>
std::type_identity<encoder_only<E, L...>> composition_of(const encoder_only<E, L...>*);
template <class, class E, class... L>
std::type_identity<decoder_only<E, L...>> composition_of(const decoder_only<E, L...>*);
template <class, class... L> std::type_identity<sequential<L...>> composition_of(const sequential<L...>*);
template <class, class... L> std::type_identity<residual<L...>> composition_of(const residual<L...>*);
template <class, class... L> std::type_identity<parallel<L...>> composition_of(const parallel<L...>*);
template <class, class... L> std::type_identity<checkpoint<L...>> composition_of(const checkpoint<L...>*);
template <class, index_type N, class B, auto Of, index_type First>
std::type_identity<repeat<N, B, Of, First>> composition_of(const repeat<N, B, Of, First>*);
template <class, fixed_string N, class L> std::type_identity<named<N, L>> composition_of(const named<N, L>*);
template <class, class... O> std::type_identity<self_attention<O...>> composition_of(const self_attention<O...>*);
template <class, index_type H, class F, class... O>
std::type_identity<feed_forward<H, F, O...>> composition_of(const feed_forward<H, F, O...>*);
template <class, index_type H, class F, class... O>
std::type_identity<gated_feed_forward<H, F, O...>> composition_of(const gated_feed_forward<H, F, O...>*);

template <class L> using composition_of_t = typename decltype(composition_of<L>(static_cast<const L*>(nullptr)))::type;
template <class L, class A> using adapted_layer = with_adapters_t<composition_of_t<L>, A>;

template <class E, class... L, class A> struct with_adapters<encoder_only<E, L...>, A> {
  using type = encoder_only<E, adapted_layer<L, A>...>;
};
template <class E, class... L, class A> struct with_adapters<decoder_only<E, L...>, A> {
  using type = decoder_only<E, adapted_layer<L, A>...>;
};
template <class... L, class A> struct with_adapters<sequential<L...>, A> {
  using type = sequential<adapted_layer<L, A>...>;
};
template <class... L, class A> struct with_adapters<residual<L...>, A> {
  using type = residual<adapted_layer<L, A>...>;
};
template <class... L, class A> struct with_adapters<parallel<L...>, A> {
  using type = parallel<adapted_layer<L, A>...>;
};
template <class... L, class A> struct with_adapters<checkpoint<L...>, A> {
  using type = checkpoint<adapted_layer<L, A>...>;
};
template <index_type N, class B, auto Of, index_type First, class A> struct with_adapters<repeat<N, B, Of, First>, A> {
  using type = repeat<N, adapted_layer<B, A>, Of, First>;
};
template <fixed_string N, class L, class A> struct with_adapters<named<N, L>, A> {
  using type = named<N, adapted_layer<L, A>>;
};
template <class... O, class A> struct with_adapters<self_attention<O...>, A> {
  using type = self_attention<O..., A>;
};
template <index_type H, class F, class... O, class A> struct with_adapters<feed_forward<H, F, O...>, A> {
  using type = feed_forward<H, F, O..., A>;
};
template <index_type H, class F, class... O, class A> struct with_adapters<gated_feed_forward<H, F, O...>, A> {
  using type = gated_feed_forward<H, F, O..., A>;
};

template <class M>
inline constexpr auto initial_values_with_adapters = [] {
  constexpr initialization of_family = initialization_of<M>();
  std::array<initial_values, std::size_t(of_family.rule_count) + 2> rules{initial_lora_a, initial_lora_b};
  for (int i = 0; i < of_family.rule_count; ++i) rules[std::size_t(i) + 2] = of_family.rules[i];
  return rules;
}();

template <class M> constexpr file_names file_names_with_adapters() {
  if constexpr (requires { M::huggingface; }) return M::huggingface;
  else return {};
}

}  // namespace detail

/// A model with low-rank updates on the chosen projections of all its blocks (Hu et al. 2021, arXiv:2106.09685, §4):
/// `adapted<bert_body<…>, low_rank<rank<8>, alpha<16.0>>>`.
///
/// Its other parameters have the names of `M`'s, so that `copy_parameters` and `load_body` fill them. `merged` makes
/// parameters of `M` from its parameters. Your own type that derives from a composition is treated as that composition;
/// any other layer of yours does not change.
template <class M, class Adapter, adapted_maps Maps = adapted_maps{}>
struct adapted : detail::adapted_layer<M, adapts<Adapter, Maps>> {
  using plain = M;
  using adapter = Adapter;
  static constexpr file_names huggingface = detail::file_names_with_adapters<M>();
  static constexpr initialization initial{detail::initial_values_with_adapters<M>.data(),
                                          int(detail::initial_values_with_adapters<M>.size())};
};

}  // namespace typeformer
