// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/memory/owned_array.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// The parameters of a model in canonical order: flat, unpadded, row-major. Optimizers, checkpoints and files use this
/// form.
template <class M, class Scalar = float>
  requires fits_together<checked_model<M>>
class parameters {
 public:
  static constexpr std::int64_t count = layout_of<M>.parameters;

  /// All zeros. `available()` is false if the allocation failed.
  parameters() : values_{index_type(count)} {}

  bool available() const { return values_.size() == index_type(count); }
  Scalar* data() { return values_.data(); }
  const Scalar* data() const { return values_.data(); }
  index_type size() const { return values_.size(); }
  canonical_weights_view<Scalar> view() const { return {values_.data()}; }

  /// The values of a tensor, [rows][columns].
  Scalar* of(const parameter_tensor& tensor) { return values_.data() + tensor.offset; }
  const Scalar* of(const parameter_tensor& tensor) const { return values_.data() + tensor.offset; }

 private:
  owned_array<Scalar> values_;
};

}  // namespace typeformer
