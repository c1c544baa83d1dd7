// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf_names.hpp>
#include <typeformer/hosted/formats/read_decoded.hpp>

namespace typeformer {

/// A tensor of a GGUF file to be written: its values are those of `parts`, one after the other, as `read_floats` gives
/// them.
struct gguf_output {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<stored_tensor> parts;
};

namespace detail {

/// Collects the tensors of a model under GGUF's names.
struct gguf_collector {
  struct entry {
    gguf_output output;
    std::vector<std::pair<std::int64_t, std::size_t>> rows{};  ///< of parts that are rows: the number, and which part
  };

  const gguf_names& translator;
  std::string_view architecture;
  std::vector<entry> entries{};
  std::map<std::string, std::size_t> known{};  ///< which entry has the name

  /// The row of padding and those before it are not written.
  TYPEFORMER_RARE static result<void, file_error> drop_rows(stored_tensor& tensor, std::vector<std::int64_t>& shape,
                                                            std::int64_t count) {
    const auto size = shape.size() == 2 ? bytes_of_shape(tensor.dtype, std::span(shape).last(1)) : std::nullopt;
    if (!size || shape[0] <= count)
      return failure{tensor.error("has no row after that of padding",
                                  joined({"more than ", digits_of(std::uint64_t(count)), " rows"}), shape_text(shape))};
    const std::size_t bytes = std::size_t(count) * std::size_t(*size);
    tensor.bytes = tensor.bytes.subspan(bytes);
    tensor.begin_in_file += bytes;
    shape[0] -= count;
    return {};
  }

  TYPEFORMER_RARE result<void, file_error> add_row(const stored_tensor& tensor, const gguf_renamed& renamed) {
    const auto [place, is_new] = known.emplace(renamed.name, entries.size());
    if (is_new) entries.push_back({{renamed.name, {}, {}}});
    auto& [whole, rows] = entries[place->second];
    const bool is_wrong =
        tensor.shape.size() != 1 || (!is_new && (rows.empty() || whole.shape.back() != tensor.shape[0]));
    if (is_wrong)
      return failure{tensor.error("is no row of a matrix with the others",
                                  is_new ? std::string("a vector") : shape_text(std::span(whole.shape).last(1)),
                                  shape_text(tensor.shape))};
    rows.emplace_back(renamed.row, whole.parts.size());
    whole.parts.push_back(tensor);
    whole.shape = {std::int64_t(whole.parts.size()), tensor.shape[0]};
    return {};
  }
  /// In the order of their numbers.
  TYPEFORMER_RARE static result<void, file_error> sort_rows(entry& of) {
    std::sort(of.rows.begin(), of.rows.end());
    std::vector<stored_tensor> sorted;
    for (const auto& [number, part] : of.rows) {
      if (number != std::int64_t(sorted.size()))
        return failure{of.output.parts[part].error("a row of its matrix is missing or there twice",
                                                   digits_of(sorted.size()), digits_of(std::uint64_t(number)))};
      sorted.push_back(of.output.parts[part]);
    }
    of.output.parts = std::move(sorted);
    return {};
  }

  TYPEFORMER_RARE result<void, file_error> add(const stored_tensor& tensor) {
    const auto renamed = translator.write(tensor.name, tensor.shape.empty() ? 1 : tensor.shape[0]);
    if (!renamed) return failure{tensor.error("llama.cpp has no name for this tensor", {}, architecture)};
    if (renamed->lacks_heads)
      return failure{tensor.error("its order depends on the number of heads",
                                  joined({architecture, ".attention.head_count that divides its rows"}),
                                  shape_text(tensor.shape))};
    if (renamed->is_row) return add_row(tensor, *renamed);
    gguf_output output{renamed->name, {tensor.shape.begin(), tensor.shape.end()}, {tensor}};
    stored_tensor& part = output.parts.front();
    stored_order order = renamed->order;
    const bool is_matrix = output.shape.size() == 2;
    order.is_transposed = order.is_transposed && is_matrix;
    if (tensor.order == order) {  // of GGUF's and llama2.c's files, too
      part = with_order(part, {});
      if (is_matrix) output.shape[0] -= order.absent_rows;
    } else if (!tensor.order.is_plain()) {
      return failure{tensor.error("is stored in another order than its family's", {}, {})};
    } else {
      if (order.absent_rows > 0)
        if (auto dropped = drop_rows(part, output.shape, std::exchange(order.absent_rows, 0)); !dropped) return dropped;
      if (!order.is_plain()) part = with_order(part, order.inverse());
    }
    if (order.is_transposed) std::swap(output.shape[0], output.shape[1]);
    if (const auto [place, is_new] = known.emplace(output.name, entries.size()); !is_new) {
      const entry& other = entries[place->second];
      const stored_tensor& its_part = other.output.parts.front();
      bool are_equal = false;
      if (auto compared = compare_bytes(its_part, part, are_equal); !compared) return compared;
      if (are_equal && other.rows.empty()) return {};
      return failure{
          tensor.error("differs from another tensor that llama.cpp has one name for", its_part.name, output.name)};
    }
    entries.push_back({std::move(output)});
    return {};
  }
};

}  // namespace detail

/// The tensors of a model, given by Hugging Face's names, as llama.cpp stores them. Their parts view `tensors` and the
/// shapes of the result, which must not be copied.
///
/// Errors: a tensor for which the family has no name, or that has one name there with another and differs from it; an
/// order that depends on a number of heads that is not known or that does not divide the rows.
TYPEFORMER_RARE inline result<std::vector<gguf_output>, file_error> gguf_outputs(std::span<const stored_tensor> tensors,
                                                                                 const gguf_names& translator,
                                                                                 std::string_view architecture) {
  detail::gguf_collector collector{translator, architecture};
  for (const stored_tensor& tensor : tensors)
    if (auto added = collector.add(tensor); !added) return failure{added.error()};
  std::vector<gguf_output> outputs;
  for (detail::gguf_collector::entry& entry : collector.entries) {
    if (!entry.rows.empty())
      if (auto sorted = collector.sort_rows(entry); !sorted) return failure{sorted.error()};
    gguf_output& output = outputs.emplace_back(std::move(entry.output));
    if (entry.rows.empty()) output.parts.front().shape = output.shape;
  }
  return result<std::vector<gguf_output>, file_error>(std::move(outputs));
}

}  // namespace typeformer
