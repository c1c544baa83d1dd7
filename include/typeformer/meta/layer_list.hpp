// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <type_traits>

#include <boost/hana/at.hpp>
#include <boost/hana/core/when.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>

namespace typeformer::meta {

namespace hana = boost::hana;

/// A list of layer types. A position in it is a type.
template <class... Layers> inline constexpr auto layer_list = hana::tuple_t<Layers...>;

/// Calls `visit(hana::type<Layer>)` for every layer, from left to right.
template <class... Layers, class Visit> constexpr void for_each_layer(Visit visit) {
  hana::unpack(layer_list<Layers...>, [&](auto... layer) { (visit(layer), ...); });
}

template <std::size_t I, class... Layers>
using layer_at = typename std::remove_cvref_t<decltype(hana::at_c<I>(layer_list<Layers...>))>::type;

}  // namespace typeformer::meta
