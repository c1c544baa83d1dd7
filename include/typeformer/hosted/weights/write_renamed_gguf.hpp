// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/gguf_metadata.hpp>
#include <typeformer/hosted/formats/gguf_writer.hpp>
#include <typeformer/hosted/formats/read_decoded.hpp>
#include <typeformer/hosted/formats/renamed_gguf.hpp>
#include <typeformer/hosted/formats/tensor_to_write.hpp>

namespace typeformer::detail {

/// Writes F32 tensors with Hugging Face's names by those of the architecture that the metadata name.
TYPEFORMER_RARE inline result<void, file_error> write_renamed_gguf(const std::string& path,
                                                                   std::span<const tensor_to_write> tensors,
                                                                   std::span<const gguf_entry> metadata,
                                                                   rotary_order pairs) {
  const gguf_metadata known{path, {metadata.begin(), metadata.end()}};
  const auto architecture = known.text("general.architecture");
  if (!architecture) return failure{architecture.error()};
  const gguf_family* const family = family_of_architecture(*architecture);
  if (!family)
    return failure{file_error{path, {}, "unknown general.architecture", "one of gguf_families", *architecture}};
  const gguf_names translator{*family, heads_of(known, *architecture), true, pairs};
  std::vector<gguf_renamed> names;
  std::vector<std::vector<std::int64_t>> shapes;
  std::vector<described_tensor> renamed_tensors;
  names.reserve(tensors.size()), shapes.reserve(tensors.size());
  for (const tensor_to_write& tensor : tensors) {
    auto name = translator.write(tensor.name, tensor.shape.empty() ? 1 : tensor.shape[0]);
    if (!name)
      return failure{file_error{path, tensor.name, "llama.cpp has no name for this tensor", {}, *architecture}};
    if (name->lacks_heads)
      return failure{file_error{path, tensor.name, "its order depends on the number of heads",
                                joined({*architecture, ".attention.head_count that divides its rows"}),
                                shape_text(tensor.shape)}};
    names.push_back(std::move(*name));
    shapes.emplace_back(tensor.shape.begin(), tensor.shape.end());
    if (names.back().order.is_transposed) std::swap(shapes.back().front(), shapes.back().back());
    renamed_tensors.push_back({names.back().name, tensor.dtype, shapes.back(), tensor.bytes.size()});
  }
  return write_gguf(
      path, renamed_tensors, metadata, [&](std::size_t i, published_file& file) -> result<void, file_error> {
        // Seen from the file, the rows that are given have the inverse order.
        const stored_tensor given = with_order({path, tensors[i].name, tensors[i].dtype, shapes[i], tensors[i].bytes},
                                               names[i].order.inverse());
        std::vector<float> values(given.element_count());
        if (auto read = read_floats(given, values); !read) return read;
        return file.write(values.data(), values.size() * sizeof(float));
      });
}

}  // namespace typeformer::detail
