// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hosted/formats_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/hosted/formats/encoded_tensor.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/hosted/weights/save_gguf.hpp>

namespace typeformer::testing {

inline gguf_metadata_builder gguf_metadata_for(std::string_view architecture, std::uint32_t heads,
                                               std::uint32_t key_heads) {
  gguf_metadata_builder metadata;
  metadata.set("general.architecture", architecture);
  metadata.set(std::string(architecture) + ".attention.head_count", heads);
  metadata.set(std::string(architecture) + ".attention.head_count_kv", key_heads);
  return metadata;
}

/// The same parameters under their own names and under llama.cpp's.
struct saved_both_ways {
  safetensors_file given;
  gguf_file stored;
};

template <Model M>
saved_both_ways save_both_ways(const scratch_folder& folder, const parameters<M>& values,
                               const gguf_metadata_builder& metadata) {
  REQUIRE(save(folder / "a.safetensors", values));
  REQUIRE(save_gguf(folder / "a.gguf", values, metadata.entries()));
  auto given = safetensors_file::open(folder / "a.safetensors");
  auto stored = gguf_file::open(folder / "a.gguf");
  REQUIRE(given);
  REQUIRE(stored);
  return {std::move(*given), std::move(*stored)};
}

/// Saves, loads and saves again; the numbers are the same and both files have the same bytes.
template <Model M>
void check_gguf_round_trip(std::string_view architecture, std::uint32_t heads, std::uint32_t key_heads) {
  INFO(architecture);
  const scratch_folder folder;
  const parameters<M> values = random_parameters<M>(7);
  const std::vector<float> numbers(values.data(), values.data() + values.size());
  const auto metadata = gguf_metadata_for(architecture, heads, key_heads);
  const auto check = [&](const char* first, const char* second, const auto& write) {
    const auto saved = write(folder / first, values);
    INFO((saved ? "" : saved.error().message()));
    REQUIRE(saved);
    const auto again = load_parameters<M, model_file>(folder / first);
    INFO((again ? "" : again.error().message()));
    REQUIRE(again);
    CHECK(std::equal(numbers.begin(), numbers.end(), again->data()));
    REQUIRE(write(folder / second, *again));
    CHECK(bytes_of_file(folder / first) == bytes_of_file(folder / second));
  };
  const auto under_own_names = [](const std::string& path, const auto& v) { return save(path, v); };
  check("a.safetensors", "b.safetensors", under_own_names);
  check("a.gguf", "b.gguf",
        [&](const std::string& path, const auto& v) { return save_gguf(path, v, metadata.entries()); });
  const auto renamed_file = gguf_file::open(folder / "a.gguf");
  REQUIRE(renamed_file);
  CHECK(renamed_file->find("token_embd.weight") != nullptr);
}

/// A GGUF file of llama's with blocks of a type; matrices whose rows do not end on a whole block are F16.
inline void write_in_blocks(const std::string& from, const std::string& to, tensor_dtype blocks,
                            const gguf_metadata_builder& metadata) {
  const auto file = gguf_file::open(from);
  REQUIRE(file);
  std::vector<std::vector<std::byte>> bytes;
  std::vector<tensor_to_write> tensors;
  for (const stored_tensor& tensor : file->tensors()) {
    const tensor_dtype type = tensor.shape.size() == 1        ? tensor_dtype::f32
                              : tensor.shape.back() % 32 == 0 ? blocks
                                                              : tensor_dtype::f16;
    auto encoded = encoded_tensor(tensor, type);
    REQUIRE(encoded);
    bytes.push_back(std::move(*encoded));
    tensors.push_back({tensor.name, type, tensor.shape, {}});
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].bytes = bytes[i];
  REQUIRE(write_gguf(to, tensors, metadata.entries()));
}

}  // namespace typeformer::testing
