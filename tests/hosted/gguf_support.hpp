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

}  // namespace typeformer::testing
