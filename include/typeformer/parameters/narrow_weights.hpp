// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/kernels/linear_narrow.hpp>
#include <typeformer/kernels/narrow_matrix.hpp>
#include <typeformer/parameters/narrow_layout.hpp>
#include <typeformer/parameters/weights.hpp>

namespace typeformer::detail::inline TYPEFORMER_ISA {

/// Rounds one operand [rows][columns], the first tensor of which is `first`, by a rule of `kernels::narrow_matrix`.
/// `words` are those of all parameters, in the order of `layout`.
template <class M, class Format, class Rule = kernels::round_to_nearest>
void narrow_operand(const parameter_tensor& first, const float* operand, narrow_layout<Format> layout, float* words,
                    Rule rule = {}) {
  const index_type rows = rows_of_operand(layout_of<M>, first), columns = first.of->columns;
  float* const to = words + layout.word_of(layout_of<M>, first.offset);
  const row_major_view<const float> from{operand, rows, columns};
  if (!narrows<Format>(first.of->kind, rows, columns)) std::copy_n(operand, rows * columns, to);
  else if (first.of->kind == parameter_kind::table)
    kernels::narrow_matrix(from, layout.template order<parameter_kind::table>(rows, columns), to);
  else kernels::narrow_matrix(from, layout.template order<parameter_kind::matrix>(rows, columns), to, rule);
}

/// Rounds canonical parameters to words in the order of `layout`; `to` has `layout.word_of(…, layout_of<M>.parameters)`.
template <class M, class Format>
void narrow_parameters(const float* canonical, narrow_layout<Format> layout, float* to) {
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    if (is_first_of_operand(layout_of<M>, t)) narrow_operand<M>(t, canonical + t.offset, layout, to);
  });
}

}  // namespace typeformer::detail::inline TYPEFORMER_ISA

namespace typeformer::inline TYPEFORMER_ISA {

/// Reads parameters whose matrices have a narrow format. Its offsets are words.
template <class M, class Format> struct narrow_weights_view {
  static constexpr narrow_layout<Format> layout{kernels::narrow_panel_width<bf16>, kernels::narrow_panel_width<int4<>>};
  static constexpr std::int64_t bytes =
      4 * (std::int64_t(layout.word_of(layout_of<M>, layout_of<M>.parameters)) + kernels::panel_overread);
  /// What takes the place of the operands of a plan.
  template <class Plan> static constexpr auto operands = narrow_operands<Format>(layout_of<M>, layout, Plan::value);

  const float* data = nullptr;

  template <index_type Outputs, index_type Inputs> auto matrix(index_type word) const {
    return view_of<parameter_kind::matrix, Outputs, Inputs>(word);
  }
  template <index_type Rows, index_type Width> auto table(index_type word) const {
    if constexpr (narrows<Format>(parameter_kind::table, Rows, Width))
      return view_of<parameter_kind::table, Rows, Width>(word);
    else return row_major_view<const float>{data + word, Rows, Width};
  }
  const float* vector(index_type word) const { return data + word; }

 private:
  template <parameter_kind Kind, index_type Rows, index_type Columns>
  narrow_view<typename narrow_layout<Format>::template numbers<Kind>> view_of(index_type word) const {
    return {data + word, layout.template order<Kind>(Rows, Columns)};
  }
};

/// The parameters of a model with matrices in a narrow format (foundation/number_formats.hpp), in the panels of this target.
///
///     const tf::weights<my_model, tf::bf16> narrow{parameters};
///     tf::session<my_model, tf::reads<tf::weights<my_model, tf::bf16>>> run{narrow};
///
/// Bytes: `narrow_weights_view<M, Format>::bytes`; `footprint` counts them.
template <class M, class Format>
  requires fits_together<checked_weights<M, Format>>
class weights {
 public:
  using model = M;
  using format = Format;

  /// Zeros, for `narrow` to replace.
  weights() : values_{stored} {}
  /// Rounds canonical parameters. Without memory, or from parameters without memory, `available()` is false.
  explicit weights(const parameters<M>& canonical) : values_{canonical.available() ? stored : index_type{0}} {
    narrow(canonical.data());
  }

  bool available() const { return values_.size() > 0; }
  narrow_weights_view<M, Format> view() const { return {values_.data()}; }

  /// Rounds other canonical values. Does nothing without memory.
  void narrow(const float* canonical) {
    if (values_.size() > 0) detail::narrow_parameters<M>(canonical, layout, values_.data());
  }
  /// Rounds those of one operand [rows][columns], the first tensor of which is `first`, by a rule of
  /// `kernels::narrow_matrix`.
  template <class Rule = kernels::round_to_nearest>
  void narrow(const parameter_tensor& first, const float* operand, Rule rule = {}) {
    if (values_.size() > 0) detail::narrow_operand<M>(first, operand, layout, values_.data(), rule);
  }
  /// Writes what the numbers of an operand mean.
  void widen(const parameter_tensor& first, float* operand) const {
    const index_type rows = rows_of_operand(layout_of<M>, first), columns = first.of->columns;
    const float* const from = values_.data() + layout.word_of(layout_of<M>, first.offset);
    const auto write = [&](const auto& numbers) {
      for (index_type row = 0; row < rows; ++row)
        for (index_type column = 0; column < columns; ++column) operand[row * columns + column] = numbers(row, column);
    };
    if (!narrows<Format>(first.of->kind, rows, columns)) std::copy_n(from, rows * columns, operand);
    else if (first.of->kind == parameter_kind::table)
      write(narrow_view<typename Format::tables>{from, layout.template order<parameter_kind::table>(rows, columns)});
    else
      write(narrow_view<typename Format::matrices>{from, layout.template order<parameter_kind::matrix>(rows, columns)});
  }

 private:
  static constexpr narrow_layout<Format> layout = narrow_weights_view<M, Format>::layout;
  static constexpr index_type stored = index_type(narrow_weights_view<M, Format>::bytes / 4);

  owned_array<float> values_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
