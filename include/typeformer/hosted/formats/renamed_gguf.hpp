// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/gguf_names.hpp>
#include <typeformer/hosted/formats/text_pool.hpp>

namespace typeformer {

/// The tensors of a GGUF file by the names and in the orders of Hugging Face's files.
struct renamed_gguf {
  std::vector<stored_tensor> tensors;
  text_pool names;                               ///< what the tensors view, beside the opened file
  std::deque<std::vector<std::int64_t>> shapes;  ///< of those whose shape is another there
};

/// What the metadata of a family's file tell of the names and orders of its tensors.
TYPEFORMER_RARE inline gguf_facts facts_of(const gguf_metadata& metadata, std::string_view architecture) {
  const auto count = [&](const gguf_metadata& from, std::string_view key, std::int64_t otherwise) {
    const auto number = from.integer(key);
    return number && *number > 0 && *number < std::int64_t{1} << 30 ? *number : otherwise;
  };
  const auto heads = [&](std::string_view key, std::int64_t otherwise) {
    return count(metadata, detail::joined({architecture, ".attention.", key}), otherwise);
  };
  gguf_facts facts;
  facts.query_heads = heads("head_count", 0);
  facts.key_heads = heads("head_count_kv", facts.query_heads);
  if (const auto padding = metadata.integer("tokenizer.ggml.padding_token_id"))
    facts.padding_rows = *padding >= 0 && *padding < std::int64_t{1} << 30 ? *padding + 1 : 0;
  return facts;
}

namespace detail {

/// Renames tensors one after the other.
struct gguf_renaming {
  const gguf_names& translator;
  std::string_view architecture;
  renamed_gguf& to;
  std::vector<text_pool::range> names{};

  void add(const stored_tensor& tensor, std::string_view name) {
    names.push_back(to.names.add(name));
    to.tensors.push_back(tensor);
  }
  failure<file_error> lacks_heads(const stored_tensor& tensor) const {
    return failure{tensor.error("its order depends on the number of heads",
                                joined({architecture, ".attention.head_count that divides its rows"}),
                                shape_text(tensor.shape))};
  }

  TYPEFORMER_RARE result<void, file_error> add_renamed(const stored_tensor& tensor) {
    const auto read = translator.read(tensor.name, tensor.shape.empty() ? 1 : tensor.shape[0]);
    if (!read) return add(tensor, tensor.name), result<void, file_error>{};
    if (read->lacks_heads) return lacks_heads(tensor);
    if (read->is_row) return add_rows(tensor, read->name);
    if (read->is_fused) return add_projections(tensor, read->name);
    stored_tensor other = tensor;
    other.order = read->order;
    const bool is_matrix = tensor.shape.size() == 2;
    other.order.is_transposed = other.order.is_transposed && is_matrix;
    if (!is_matrix || !is_read_as_floats(tensor.dtype)) other.order.absent_rows = 0;
    if (other.order.is_transposed) other.shape = to.shapes.emplace_back(std::vector{tensor.shape[1], tensor.shape[0]});
    if (other.order.absent_rows > 0)
      other.shape = to.shapes.emplace_back(std::vector{tensor.shape[0] + other.order.absent_rows, tensor.shape[1]});
    add(other, read->name);
    return {};
  }

  /// Some rows of a tensor, each of that size in bytes.
  static stored_tensor rows_of(stored_tensor tensor, std::int64_t first, std::int64_t count, std::size_t size) {
    tensor.bytes = tensor.bytes.subspan(std::size_t(first) * size, std::size_t(count) * size);
    tensor.begin_in_file += std::uint64_t(first) * size;
    return tensor;
  }

  /// Queries, keys and values are one after the other.
  TYPEFORMER_RARE result<void, file_error> add_projections(const stored_tensor& tensor, std::string_view name) {
    const std::int64_t queries = translator.facts().query_heads, keys = translator.facts().key_heads,
                       heads = queries + 2 * keys, rows = tensor.shape.empty() ? 0 : tensor.shape[0];
    const std::uint64_t size = bytes_of_shape(tensor.dtype, tensor.shape.subspan(rows > 0 ? 1 : 0)).value_or(0);
    if (heads <= 0 || rows <= 0 || rows % heads != 0 || tensor.shape.size() > 2 || size == 0 ||
        tensor.bytes.size() != std::uint64_t(rows) * size)
      return lacks_heads(tensor);
    const std::size_t letter = name.find('?');
    std::int64_t first = 0;
    for (const auto& [part, count] : {std::pair{"q", queries}, {"k", keys}, {"v", keys}}) {
      const std::int64_t part_rows = rows / heads * count;
      stored_tensor one = rows_of(tensor, first, part_rows, std::size_t(size));
      std::vector<std::int64_t>& shape = to.shapes.emplace_back(tensor.shape.begin(), tensor.shape.end());
      shape[0] = part_rows;
      one.shape = shape;
      add(one, joined({name.substr(0, letter), part, name.substr(letter + 1)}));
      first += part_rows;
    }
    return {};
  }

  /// Each row of a matrix is a tensor.
  TYPEFORMER_RARE result<void, file_error> add_rows(const stored_tensor& tensor, std::string_view name) {
    constexpr std::int64_t most_rows = 4096;
    constexpr std::size_t most_tensors = std::size_t{1} << 20;
    const std::size_t number = name.find('#');
    const auto size = tensor.shape.size() == 2 ? bytes_of_shape(tensor.dtype, tensor.shape.last(1)) : std::nullopt;
    if (!size || tensor.shape[0] > most_rows || to.tensors.size() > most_tensors ||
        tensor.bytes.size() != std::size_t(tensor.shape[0]) * *size)
      return failure{tensor.error("is not one row for each head", joined({"at most ", digits_of(most_rows), " rows"}),
                                  shape_text(tensor.shape))};
    for (std::int64_t row = 0; row < tensor.shape[0]; ++row) {
      stored_tensor one = rows_of(tensor, row, 1, std::size_t(*size));
      one.shape = tensor.shape.last(1);
      add(one, joined({name.substr(0, number), digits_of(std::uint64_t(row)), name.substr(number + 1)}));
    }
    return {};
  }
};

}  // namespace detail

/// Renames the tensors of an opened file for a model whose body's names begin with `body`, as far as its architecture has
/// such names (`bert`, `roberta`, `distilbert`). Those of an architecture without rules, and those that no rule names,
/// keep their names; `rope_freqs.weight`, a table that follows from the configuration, is left out.
///
/// Errors: the order of a tensor depends on a number of heads that the metadata lack or that does not divide its rows;
/// two tensors with one name.
TYPEFORMER_RARE inline result<renamed_gguf, file_error> renamed(const gguf_file& file, rotary_order pairs,
                                                                std::string_view body = {}) {
  renamed_gguf result_;
  const auto said = file.metadata().text("general.architecture");
  const std::string_view architecture = said ? *said : std::string_view{};
  const gguf_family* const family = family_of_architecture(architecture, body);
  gguf_facts facts = facts_of(file.metadata(), architecture);
  const auto has_tensor = [&](std::string_view ending) {
    const auto tensors = file.tensors();
    return std::any_of(tensors.begin(), tensors.end(),
                       [&](const stored_tensor& tensor) { return tensor.name.ends_with(ending); });
  };
  facts.has_gate = has_tensor(".ffn_gate.weight"), facts.has_second_norm = has_tensor(".attn_norm_2.weight");
  const gguf_names translator{family ? *family : gguf_families[0], facts, pairs};
  detail::gguf_renaming renaming{translator, architecture, result_};
  for (const stored_tensor& tensor : file.tensors()) {
    if (!family) {
      renaming.add(tensor, tensor.name);
    } else if (tensor.name != "rope_freqs.weight") {
      if (auto renamed_one = renaming.add_renamed(tensor); !renamed_one) return failure{renamed_one.error()};
    }
  }
  std::vector<detail::sort_key> keys;
  for (std::size_t i = 0; i < renaming.names.size(); ++i) {
    result_.tensors[i].name = result_.names.view(renaming.names[i]);
    keys.push_back({result_.tensors[i].name, 0, 0, i});
  }
  const std::size_t count = keys.size();
  detail::sort_and_keep_last(keys);
  if (keys.size() == count) return result<renamed_gguf, file_error>(std::move(result_));
  return failure{file_error{file.tensors()[0].file, {}, "two tensors are one of Hugging Face's"}};
}

}  // namespace typeformer
