// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/gguf_metadata.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/gguf_outputs.hpp>
#include <typeformer/hosted/formats/gguf_rotary_divisors.hpp>
#include <typeformer/hosted/formats/gguf_writer.hpp>
#include <typeformer/hosted/formats/renamed_gguf.hpp>
#include <typeformer/hosted/formats/tensor_to_write.hpp>
#include <typeformer/hosted/weights/llama3_scaling_of.hpp>

namespace typeformer::detail {

/// Writes F32 tensors with Hugging Face's names by those of the architecture that the metadata name. `body`: the
/// beginning of the names of the body's tensors. Where llama.cpp reads a table of the scaling of Llama 3, it is written.
TYPEFORMER_RARE inline result<void, file_error> write_renamed_gguf(const std::string& path,
                                                                   std::span<const tensor_to_write> tensors,
                                                                   std::span<const gguf_entry> metadata,
                                                                   rotary_order pairs, std::string_view body,
                                                                   const std::optional<llama3_rotation>& rotation) {
  const gguf_metadata known{path, {metadata.begin(), metadata.end()}};
  const auto architecture = known.text("general.architecture");
  if (!architecture) return failure{architecture.error()};
  const gguf_family* const family = family_of_architecture(*architecture, body);
  if (!family)
    return failure{file_error{path, {}, "unknown general.architecture", "one of gguf_families", *architecture}};
  const gguf_names translator{*family, facts_of(known, *architecture), pairs};
  std::vector<stored_tensor> given;
  for (const tensor_to_write& tensor : tensors)
    given.push_back({path, tensor.name, tensor.dtype, tensor.shape, tensor.bytes});
  auto outputs = gguf_outputs(given, translator, *architecture);
  if (!outputs) return failure{outputs.error()};
  gguf_metadata_builder all;
  all.set_all(metadata);
  std::vector<float> divisors;
  if (rotation && family->rotates_adjacently) {
    divisors = gguf_rotary_divisors(rotation->width, rotation->theta, rotation->scaling);
    all.set(gguf_llama3_scaling_key, std::span<const float>(gguf_llama3_scaling(rotation->scaling)));
    gguf_output& added = outputs->emplace_back(gguf_output{"rope_freqs.weight", {std::int64_t(divisors.size())}, {}});
    added.parts.push_back({path, added.name, tensor_dtype::f32, added.shape, std::as_bytes(std::span(divisors))});
  }
  std::vector<described_tensor> described_outputs;
  for (const gguf_output& output : *outputs) {
    std::size_t size = 0;
    for (const stored_tensor& part : output.parts) size += part.bytes.size();
    described_outputs.push_back({output.name, tensor_dtype::f32, output.shape, size});
  }
  return write_gguf(path, described_outputs, all.entries(),
                    [&](std::size_t i, published_file& file) -> result<void, file_error> {
                      for (const stored_tensor& part : (*outputs)[i].parts) {
                        std::vector<float> values(part.element_count());
                        if (auto read = read_floats(part, values); !read) return read;
                        if (auto written = file.write(values.data(), values.size() * sizeof(float)); !written)
                          return written;
                      }
                      return {};
                    });
}

}  // namespace typeformer::detail
