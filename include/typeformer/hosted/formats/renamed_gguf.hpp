// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
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
  text_pool names;                   ///< what the tensors view, beside the opened file
  std::vector<std::int64_t> shapes;  ///< of transposed tensors
};

/// The numbers of heads that the metadata of a family's file tell.
TYPEFORMER_RARE inline gguf_heads heads_of(const gguf_metadata& metadata, std::string_view architecture) {
  const auto count = [&](std::string_view key, std::int64_t otherwise) {
    const auto number = metadata.integer(detail::joined({architecture, ".attention.", key}));
    return number && *number > 0 && *number < std::int64_t{1} << 30 ? *number : otherwise;
  };
  const std::int64_t queries = count("head_count", 0);
  return {queries, count("head_count_kv", queries)};
}

/// Renames the tensors of an opened file. Those of an architecture without rules, and those that no rule names, keep
/// their names; `rope_freqs.weight`, a table that follows from the configuration, is left out.
///
/// Errors: the order of a tensor depends on a number of heads that the metadata lack or that does not divide its rows;
/// two tensors with one name.
TYPEFORMER_RARE inline result<renamed_gguf, file_error> renamed(const gguf_file& file, rotary_order pairs) {
  renamed_gguf result_;
  const std::string_view architecture =
      file.metadata().text("general.architecture") ? *file.metadata().text("general.architecture") : std::string_view{};
  const gguf_family* const family = family_of_architecture(architecture);
  std::vector<text_pool::range> names;
  bool is_gated = false;
  for (const stored_tensor& tensor : file.tensors()) is_gated = is_gated || tensor.name.ends_with(".ffn_gate.weight");
  result_.shapes.reserve(2 * file.tensors().size());
  for (const stored_tensor& tensor : file.tensors()) {
    if (family && tensor.name == "rope_freqs.weight") continue;
    stored_tensor other = tensor;
    std::string name(tensor.name);
    if (family) {
      const gguf_names translator{*family, heads_of(file.metadata(), architecture), is_gated, pairs};
      if (const auto read = translator.read(tensor.name, tensor.shape.empty() ? 1 : tensor.shape[0])) {
        if (read->lacks_heads)
          return failure{tensor.error("its order depends on the number of heads",
                                      detail::joined({architecture, ".attention.head_count that divides its rows"}),
                                      shape_text(tensor.shape))};
        name = read->name;
        other.order = read->order;
        if (other.order.is_transposed && tensor.shape.size() == 2) {
          result_.shapes.insert(result_.shapes.end(), {tensor.shape[1], tensor.shape[0]});
          other.shape = std::span<const std::int64_t>(result_.shapes).last(2);
        } else {
          other.order.is_transposed = false;
        }
      }
    }
    names.push_back(result_.names.add(name));
    result_.tensors.push_back(other);
  }
  std::vector<detail::sort_key> keys;
  for (std::size_t i = 0; i < names.size(); ++i) {
    result_.tensors[i].name = result_.names.view(names[i]);
    keys.push_back({result_.tensors[i].name, 0, 0, i});
  }
  detail::sort_and_keep_last(keys);
  if (keys.size() == names.size()) return result<renamed_gguf, file_error>(std::move(result_));
  return failure{file_error{file.tensors()[0].file, {}, "two tensors are one of Hugging Face's"}};
}

}  // namespace typeformer
