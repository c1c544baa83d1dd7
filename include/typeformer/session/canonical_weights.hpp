// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <typeformer/contract/model.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/weights_view.hpp>
#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/parameters/declare_parameters.hpp>

namespace typeformer {

template <index_type N> struct numbers {
  static constexpr index_type value = N;
};
namespace error {
template <class Given, class Needed, class Model> struct array_is_not_as_large_as_the_parameters : mismatch {};
/// A pointer or an array of unknown size does not have the number of elements: use a span.
template <class Weights, class Model> struct weights_are_no_array : mismatch {};
/// Canonical weights are of type `float`.
template <class Array, class Model> struct array_holds_other_numbers_than_float : mismatch {};
/// The size of the array is known only at run time: `canonical_weights<M>::from(values)` checks it.
template <class Array, class Model> struct size_of_the_array_is_not_known_to_the_compiler : mismatch {};
}  // namespace error

/// `got` numbers for a model of `expected` parameters.
struct weight_count_error {
  std::int64_t got = 0, expected = 0;
  constexpr error_text message() const {
    return error_text("the model has ").add(expected).add(" parameters, found ").add(got).add(" numbers");
  }
};

namespace detail {
template <class M, class Array> constexpr auto checked_weight_array() {
  if constexpr (!requires(const Array& values) { std::span{values}; }) return error::weights_are_no_array<Array, M>{};
  else {
    using span = decltype(std::span{std::declval<const Array&>()});
    constexpr std::int64_t needed = parameter_plan<M>::value.parameters;
    if constexpr (!std::is_same_v<typename span::value_type, float>)
      return error::array_holds_other_numbers_than_float<Array, M>{};
    else if constexpr (span::extent == std::dynamic_extent)
      return error::size_of_the_array_is_not_known_to_the_compiler<Array, M>{};
    else if constexpr (std::int64_t(span::extent) != needed)
      return error::array_is_not_as_large_as_the_parameters<numbers<index_type(span::extent)>,
                                                            numbers<index_type(needed)>, M>{};
    else return nothing{};
  }
}
}  // namespace detail

/// Parameters in canonical order, read without a copy: flash, a mapped file, an array. The caller keeps them, and they
/// must outlive all objects that read them.
template <Model M> class canonical_weights {
 public:
  using model = M;
  static constexpr std::int64_t count = parameter_plan<M>::value.parameters;

  /// An array, `std::array` or span. The compiler checks that it has as many numbers as the model has parameters.
  template <class Array, class Verdict = decltype(detail::checked_weight_array<M, Array>())>
  constexpr explicit canonical_weights(const Array& values) {
    static_assert(std::is_same_v<Verdict, nothing>, "see Verdict");  // a concept would tell it in more lines
    if constexpr (std::is_same_v<Verdict, nothing>) data_ = std::span<const float>{values}.data();
  }
  template <class Array>
    requires(!std::ranges::enable_borrowed_range<Array>)
  canonical_weights(const Array&&) = delete;  // a temporary array would be destroyed
  template <class Store>
  constexpr explicit canonical_weights(const parameters<M, float, Store>& values) : data_{values.data()} {}
  template <class Store>
  canonical_weights(parameters<M, float, Store>&&) = delete;  // a temporary array would be destroyed

  /// The same for a size that is known only at run time. Error: the size is not that of the model.
  template <class Array>
    requires(!std::ranges::enable_borrowed_range<Array>)
  static constexpr result<canonical_weights, weight_count_error> from(const Array&&) = delete;
  static constexpr result<canonical_weights, weight_count_error> from(std::span<const float> values) {
    if (std::int64_t(values.size()) != count) return failure{weight_count_error{std::int64_t(values.size()), count}};
    return canonical_weights{canonical_weights_view<float>{values.data()}};
  }

  constexpr canonical_weights_view<float> view() const { return {data_}; }

 private:
  constexpr explicit canonical_weights(canonical_weights_view<float> values) : data_{values.data} {}

  const float* data_ = nullptr;
};

}  // namespace typeformer
