// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parameters/declare_parameters.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// The parameters of a model in canonical order: flat, unpadded, row-major. Optimizers, checkpoints and files use this
/// form. They are on the heap, or with `storage::in_place` in the object. `Scalar` is `float` or `double`.
template <class M, class Scalar, class Store>
  requires fits_together<checked_parameters<M, Scalar>>
class parameters {
 public:
  static constexpr std::int64_t count = layout_of<M>.parameters;

  /// All zeros. `available()` is false if the allocation failed.
  parameters() {
    if constexpr (!std::is_same_v<Store, storage::owned>) std::fill_n(values_.data(), index_type(count), Scalar{});
  }

  bool available() const { return values_.available(); }
  Scalar* data() { return values_.data(); }
  const Scalar* data() const { return values_.data(); }
  index_type size() const { return available() ? index_type(count) : 0; }
  canonical_weights_view<Scalar> view() const { return {values_.data()}; }

  /// The values of a tensor, [rows][columns].
  Scalar* of(const parameter_tensor& tensor) { return values_.data() + tensor.offset; }
  const Scalar* of(const parameter_tensor& tensor) const { return values_.data() + tensor.offset; }

 private:
  typename Store::template array<Scalar, index_type(count)> values_{};
};

}  // namespace typeformer
