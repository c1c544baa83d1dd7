// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <boost/hana/append.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/core/when.hpp>
#include <boost/hana/fold_left.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>

namespace typeformer::meta {

namespace hana = boost::hana;

/// A list of layer types; a position in it is a type.
template <class... Layers> inline constexpr auto layer_list = hana::tuple_t<Layers...>;

/// What a fold collects on its way: a tuple of small values of different types.
template <class... T> using record = hana::tuple<T...>;

template <class Record, class T> constexpr auto append(const Record& record, const T& value) {
  return hana::append(record, value);
}
template <std::size_t I, class Record> constexpr const auto& at(const Record& record) { return hana::at_c<I>(record); }
template <class Record> inline constexpr std::size_t length_of = decltype(hana::length(std::declval<Record>()))::value;

/// Folds `step(state, hana::type<Layer>)` over the layers from the left; the type of the state may change at each step.
template <class... Layers, class State, class Step> constexpr auto fold_layers(State state, Step step) {
  return hana::fold_left(layer_list<Layers...>, state, step);
}

/// Calls `visit(hana::type<Layer>)` for every layer from the left.
template <class... Layers, class Visit> constexpr void for_each_layer(Visit visit) {
  hana::unpack(layer_list<Layers...>, [&](auto... layer) { (visit(layer), ...); });
}

template <std::size_t I, class... Layers>
using layer_at = typename std::remove_cvref_t<decltype(hana::at_c<I>(layer_list<Layers...>))>::type;

}  // namespace typeformer::meta
