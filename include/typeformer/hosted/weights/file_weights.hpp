// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/execution/stored_weights.hpp>
#include <typeformer/hosted/weights/load_narrow.hpp>
#include <typeformer/shape/stored_view.hpp>

namespace typeformer {

namespace detail {

/// Vectors, and tables that are small, are copied. They are read by operations that know no files.
constexpr bool stays_in_file(parameter_kind kind, index_type rows, index_type columns) {
  return narrows<narrow_format>(kind, rows, columns);
}

/// An operand of a model: its rows in the file, or a copy.
struct operand_of_file {
  index_type offset, rows, columns;
  std::vector<stored_rows> parts{};
  std::vector<float> copy{};
};

/// Null for types whose numbers are copied.
TYPEFORMER_RARE inline const stored_format* stored_format_of(tensor_dtype dtype) {
  static constexpr stored_format all[]{stored_format::f32, stored_format::f16, stored_format::bf16, stored_format::q8_0,
                                       stored_format::q4_0};
  switch (dtype) {
    case tensor_dtype::f32: return all;
    case tensor_dtype::f16: return all + 1;
    case tensor_dtype::bf16: return all + 2;
    case tensor_dtype::q8_0: return all + 3;
    case tensor_dtype::q4_0: return all + 4;
    default: return nullptr;
  }
}

}  // namespace detail

/// Reads operands by their canonical offsets.
template <class M> struct file_weights_view {
  /// Of what is copied if the file has everything else in a form that is read as it is.
  static constexpr std::int64_t bytes = [] {
    std::int64_t copied = 0;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (!is_first_of_operand(layout_of<M>, t)) return;
      const index_type rows = rows_of_operand(layout_of<M>, t), columns = t.of->columns;
      if (!detail::stays_in_file(t.of->kind, rows, columns)) copied += 4 * std::int64_t{rows * columns};
    });
    return copied;
  }();

  const detail::operand_of_file* data = nullptr;
  std::size_t count = 0;

  template <index_type Outputs, index_type Inputs> stored_view matrix(index_type offset) const {
    return rows_of(offset);
  }
  template <index_type Rows, index_type Width> auto table(index_type offset) const {
    if constexpr (detail::stays_in_file(parameter_kind::table, Rows, Width)) return rows_of(offset);
    else return row_major_view<const float>{vector(offset), Rows, Width};
  }
  const float* vector(index_type offset) const { return at(offset).copy.data(); }

 private:
  const detail::operand_of_file& at(index_type offset) const {
    return *std::lower_bound(data, data + count, offset,
                             [](const detail::operand_of_file& one, index_type wanted) { return one.offset < wanted; });
  }
  stored_view rows_of(index_type offset) const {
    const detail::operand_of_file& found = at(offset);
    return {found.parts.data(), index_type(found.parts.size()), found.rows, found.columns};
  }
};

/// Weights that are read where a file has them: F32, F16, BF16, Q8_0 and Q4_0 in the order of the file, mapped and shared by
/// all processes. Other types, matrices that the file has transposed, vectors and tables of fewer than 16384 numbers are
/// copied in float32. The results are those of `load`, but for the order of sums. `footprint` counts the copies.
///
///     const auto weights = tf::file_weights<my_model, tf::model_file>::open("model-q8_0.gguf");
///     tf::session<my_model, tf::reads<tf::file_weights<my_model, tf::model_file>>> run{*weights};
///
/// While an object exists, the file must not be shortened (see `mapped_file`). Its numbers are not looked at. A long
/// prompt is faster with `load_narrow`, whose products have panels.
template <NamedInFiles M, OpenedByPath File = checkpoint_file> class file_weights {
 public:
  using model = M;

  file_weights(file_weights&&) = default;
  file_weights& operator=(file_weights&&) = default;

  /// Errors: those of `load`, but for numbers that are not finite.
  static result<file_weights, file_error> open(const std::string& path) {
    constexpr file_names names = file_names_of<M>();
    auto checked = detail::open_checked<File>(path, layout_of<M>, names);
    if (!checked) return failure{checked.error()};
    file_weights opened{std::move(checked->file)};
    result<void, file_error> done;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
      if (done && is_first_of_operand(layout_of<M>, t)) done = opened.add(t, checked->wanted, names);
    });
    if (!done) return failure{done.error()};
    std::sort(opened.operands_.begin(), opened.operands_.end(),
              [](const auto& a, const auto& b) { return a.offset < b.offset; });
    return opened;
  }

  file_weights_view<M> view() const { return {operands_.data(), operands_.size()}; }
  /// Bytes of the numbers that were copied, and of those that stay in the file.
  std::int64_t copied_bytes() const { return copied_; }
  std::int64_t mapped_bytes() const { return mapped_; }

 private:
  explicit file_weights(File&& file) : file_{std::move(file)} {}

  TYPEFORMER_RARE result<void, file_error> add(const parameter_tensor& t, const std::vector<file_tensor>& wanted,
                                               const file_names& names) {
    const index_type rows = rows_of_operand(layout_of<M>, t), columns = t.of->columns;
    detail::operand_of_file& operand = operands_.emplace_back(detail::operand_of_file{t.offset, rows, columns});
    const detail::operand_in_file from{wanted, layout_of<M>, t};
    if (detail::stays_in_file(t.of->kind, rows, columns) && put_in_place(operand, from, names)) {
      for (const stored_rows& part : operand.parts) mapped_ += std::int64_t(part.rows * part.row_bytes);
      return {};
    }
    operand.copy.resize(std::size_t(from.size));
    copied_ += 4 * std::int64_t(rows * columns);
    const std::byte* const bytes = reinterpret_cast<const std::byte*>(operand.copy.data());
    operand.parts = {{bytes, stored_format::f32, rows, 4 * columns}};
    return read_checkpoint(file_, from.tensors, names, operand.copy.data(), accepted_numbers::any);
  }
  /// False if the file does not have the operand in a form that is read as it is.
  TYPEFORMER_RARE bool put_in_place(detail::operand_of_file& operand, const detail::operand_in_file& from,
                                    const file_names& names) {
    const detail::named_tensors source{file_, names};
    std::vector<std::pair<index_type, stored_rows>> parts;
    for (const file_tensor& tensor : from.tensors) {
      const stored_tensor* const stored = source.find(tensor.name);
      const stored_format* const format = stored ? detail::stored_format_of(stored->dtype) : nullptr;
      if (!format || tensor.layout == file_layout::transposed || stored->order.is_transposed ||
          stored->order.added != 0 || stored->order.absent_rows > 0 || operand.columns % elements_of(*format) != 0)
        return false;
      index_type first = 0;
      for (const file_tensor::part& part : tensor.parts) {
        const index_type row_bytes = operand.columns / elements_of(*format) * bytes_of(*format);
        if (part.offset < operand.rows * operand.columns)
          parts.push_back({part.offset,
                           {stored->bytes.data() + (stored->order.swaps_rows() ? 0 : first * row_bytes), *format,
                            part.rows, row_bytes, order_of(*stored, first, part.rows)}});
        first += part.rows;
      }
    }
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [offset, rows] : parts) operand.parts.push_back(rows);
    return true;
  }
  TYPEFORMER_RARE const std::int32_t* order_of(const stored_tensor& stored, index_type first, index_type rows) {
    if (!stored.order.swaps_rows()) return nullptr;
    std::vector<std::int32_t>& order = orders_.emplace_back();
    for (index_type row = 0; row < rows; ++row)
      order.push_back(std::int32_t(stored.order.row_in_file(std::int64_t(first + row))));
    return order.data();
  }

  File file_;
  std::vector<detail::operand_of_file> operands_;
  std::deque<std::vector<std::int32_t>> orders_;
  std::int64_t copied_ = 0, mapped_ = 0;
};

}  // namespace typeformer
