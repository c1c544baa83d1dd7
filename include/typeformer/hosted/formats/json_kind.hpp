// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/hosted/files/file_error.hpp>

namespace typeformer {

enum class json_kind : std::uint8_t { null, boolean, integer, number, text, array, object };

constexpr std::string_view name_of(json_kind kind) {
  constexpr std::string_view names[] = {"null",   "a boolean", "an integer", "a number",
                                        "a text", "an array",  "an object"};
  return names[static_cast<std::size_t>(kind)];
}

/// The largest JSON text that is kept in memory, and the largest number of its values. The memory of a tree is at most
/// a few times the size of the text. An index of a checkpoint has a line of about 100 bytes, and a value, for each
/// tensor.
inline constexpr std::size_t largest_json_tree = std::size_t{64} << 20;
inline constexpr std::size_t most_json_values = std::size_t{1} << 21;

namespace detail {

/// Of a key that is missing (`found` is null) or whose value is of another kind than expected.
TYPEFORMER_RARE inline file_error wrong_key(std::string_view file, std::string_view key, std::string_view expected,
                                            const json_kind* found) {
  return {file,
          {},
          joined({"key ", quoted_name(key), found == nullptr ? " is missing" : " has the wrong type"}),
          expected,
          found == nullptr ? std::string_view{} : name_of(*found)};
}

TYPEFORMER_RARE inline file_error no_json_object(std::string_view file, json_kind found) {
  return {file, {}, "invalid JSON", "an object", name_of(found)};
}

}  // namespace detail

}  // namespace typeformer
