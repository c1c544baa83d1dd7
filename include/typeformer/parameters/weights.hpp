// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/pack_panels.hpp>
#include <typeformer/parameters/declare_weights.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The parameters of a model in the form that kernels read: every matrix is packed into the panels of this target's
/// GEMM, at the offset of its canonical leaf. One const object serves many sessions on many threads.
///
/// Its name contains the instruction set, so translation units that pack differently do not link. Where the name cannot
/// show it (in a user's struct that one translation unit passes to another) `available()` is false and `view()` traps.
///
/// Bytes: 4 · (parameter_count + `kernels::panel_overread`).
template <class M>
  requires fits_together<checked_weights<M, float>>
class weights<M, float> {
 public:
  using model = M;
  using scalar = float;

  weights() : values_{stored} {}
  /// Parameters without memory, or moved-from ones, give weights for which `available()` is false.
  explicit weights(const parameters<M>& canonical) : values_{canonical.available() ? stored : index_type{0}} {
    pack(canonical.data());
  }

  bool available() const { return values_.size() > 0 && is_packed_for_this_target(); }
  packed_weights_view<float, kernels::native_panel_width> view() const {
    if (!is_packed_for_this_target()) __builtin_trap();
    return {values_.data()};
  }

  /// Packs canonical values, for example after an optimizer step. Does nothing without memory.
  void pack(const float* canonical) {
    if (values_.size() == 0) return;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (t.of->kind == parameter_kind::matrix) {
        if (is_first_of_operand(layout_of<M>, t)) pack_operand(t, canonical + t.offset);
      } else {
        for (index_type i = 0; i < t.size(); ++i) values_[t.offset + i] = canonical[t.offset + i];
      }
    });
  }
  /// Unpacks to canonical values, exactly. Does nothing without memory.
  void unpack(float* canonical) const {
    if (values_.size() == 0) return;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (t.of->kind == parameter_kind::matrix) {
        if (is_first_of_operand(layout_of<M>, t))
          kernels::unpack_panels(panel_view<const float>{values_.data() + t.offset, rows_of_operand(layout_of<M>, t),
                                                         t.of->columns, kernels::native_panel_width},
                                 canonical + t.offset);
      } else {
        for (index_type i = 0; i < t.size(); ++i) canonical[t.offset + i] = values_[t.offset + i];
      }
    });
  }

  /// Packs the canonical values that were written to `data()`. Returns false if there is no memory for them, or for one
  /// more matrix.
  bool pack_in_place() {
    if (values_.size() == 0) return false;
    index_type largest = 0;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (t.of->kind == parameter_kind::matrix && is_first_of_operand(layout_of<M>, t))
        largest = (std::max)(largest, rows_of_operand(layout_of<M>, t) * t.of->columns);
    });
    owned_array<float> matrix(largest);
    if (matrix.size() != largest) return false;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (t.of->kind != parameter_kind::matrix || !is_first_of_operand(layout_of<M>, t)) return;
      std::copy_n(values_.data() + t.offset, rows_of_operand(layout_of<M>, t) * t.of->columns, matrix.data());
      pack_operand(t, matrix.data());
    });
    return true;
  }

  float* data() { return values_.data(); }
  const float* data() const { return values_.data(); }

 private:
  static constexpr index_type stored = index_type(layout_of<M>.parameters) + kernels::panel_overread;

  void pack_operand(const parameter_tensor& first, const float* canonical) {
    kernels::pack_panels(
        row_major_view<const float>{canonical, rows_of_operand(layout_of<M>, first), first.of->columns},
        values_.data() + first.offset);
  }

  bool is_packed_for_this_target() const { return panel_width_ == kernels::native_panel_width; }

  owned_array<float> values_;
  index_type panel_width_ = kernels::native_panel_width;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
