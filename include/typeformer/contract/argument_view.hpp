// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>
#include <utility>

#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/cache_view.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

namespace detail {

template <class Element, class Scalar>
using element_type = std::conditional_t<std::is_same_v<Element, real>, Scalar, Element>;

template <class Argument, class Scalar, class Weights> struct view_of_argument {};  // no argument of an operation
template <class Shape, class Element, class Scalar, class Weights>
struct view_of_argument<ref<Shape, Element>, Scalar, Weights> {
  using type = block_view<const element_type<Element, Scalar>>;
};
template <class Ref, class Scalar, class Weights> struct view_of_written {
  using type = block_view<element_type<typename Ref::element, Scalar>>;
};
template <class Shape, class Element, class Scalar, class Weights>
struct view_of_written<state_ref<Shape, Element>, Scalar, Weights> {
  using type = state_view<Element, Scalar>;
};
template <class Ref, class Scalar, class Weights>
struct view_of_argument<written<Ref>, Scalar, Weights> : view_of_written<Ref, Scalar, Weights> {};
template <class Ref, class Scalar, class Weights>
struct view_of_argument<accumulated<Ref>, Scalar, Weights> : view_of_written<Ref, Scalar, Weights> {};
template <class Ref, class Scalar, class Weights>
struct view_of_argument<written_if_kept<Ref>, Scalar, Weights> : view_of_written<Ref, Scalar, Weights> {};
template <class Shape, class Element, class Scalar, class Weights>
struct view_of_argument<state_ref<Shape, Element>, Scalar, Weights> {
  using type = state_view<Element, const Scalar>;
};
template <index_type Rows, index_type Columns, class Scalar, class Weights>
struct view_of_argument<parameter<parameter_kind::matrix, Rows, Columns>, Scalar, Weights> {
  using type = decltype(std::declval<const Weights&>().template matrix<Rows, Columns>(index_type{}));
};
template <index_type Rows, index_type Columns, class Scalar, class Weights>
struct view_of_argument<parameter<parameter_kind::table, Rows, Columns>, Scalar, Weights> {
  using type = decltype(std::declval<const Weights&>().template table<Rows, Columns>(index_type{}));
};
template <index_type Rows, index_type Columns, class Scalar, class Weights>
struct view_of_argument<parameter<parameter_kind::vector, Rows, Columns>, Scalar, Weights> {
  using type = const Scalar*;
};
template <parameter_kind Kind, index_type Rows, index_type Columns, class Scalar, class Weights>
struct view_of_argument<gradient<parameter<Kind, Rows, Columns>>, Scalar, Weights> {
  using type = std::conditional_t<Kind == parameter_kind::vector, Scalar*, row_major_view<Scalar>>;
};
template <class I, axis RowsAre, class Scalar, class Weights>
struct view_of_argument<input_ref<I, RowsAre>, Scalar, Weights> {
  using type = block_view<const typename I::element>;
};
template <class Scalar, class Weights> struct view_of_argument<random_site, Scalar, Weights> {
  using type = random_source;
};
template <class Scalar, class Weights> struct view_of_argument<nothing, Scalar, Weights> {
  using type = const Scalar*;
};
template <class Tokens, class Sequences, class Scalar, class Weights>
struct view_of_argument<tokens_and_sequences<Tokens, Sequences>, Scalar, Weights> {
  using type = tokens_and_sequences<typename view_of_argument<Tokens, Scalar, Weights>::type,
                                    typename view_of_argument<Sequences, Scalar, Weights>::type>;
};

}  // namespace detail

/// What `execute(operation, call, views…)` gets for an argument of `run(operation, arguments…)`:
///
/// | argument | view |
/// |---|---|
/// | `x`, a reference | `block_view<const Scalar>` (`std::int32_t` and `std::int8_t` for such elements) |
/// | `out(y)`, `acc(y)`, `if_kept(y)` | `block_view<Scalar>`; null if nothing reads it later |
/// | a matrix, a table | the view of the weights: `row_major_view<const Scalar>` or `panel_view<const Scalar>` |
/// | a vector, `nothing` | `const Scalar*`, null for `nothing` |
/// | `gradient_of(p)` | `row_major_view<Scalar>`, of a vector `Scalar*` |
/// | a state, `out(state)` | `const Scalar*`, `Scalar*`; `cache_view` of those if it has a narrow format |
/// | an input | `block_view` of its elements; null if the batch has none |
/// | a random site | `random_source` |
template <class Argument, class Scalar, class Weights>
using argument_view = typename detail::view_of_argument<Argument, Scalar, Weights>::type;

}  // namespace typeformer
