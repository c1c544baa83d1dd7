// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// How a file's tensor becomes leaves: rows of the leaves one after the other, as they lie or transposed.
enum class file_layout { as_is, transposed };

/// One tensor of a file and the leaves that it holds; `*` stands for the block's number, in the file from `first_block` on.
struct file_tensor_rule {
  const char* file;
  file_layout layout;
  std::array<const char*, 5> leaves;
};

/// How other files, older ones mostly, end a name that ends like this today.
struct older_ending {
  const char* ending = nullptr;
  const char* older = nullptr;
};

/// Norms in files that were converted before their weights and biases were called so.
inline constexpr std::array<older_ending, 3> older_layer_norm_endings{
    {{"LayerNorm.weight", "LayerNorm.gamma"}, {"LayerNorm.bias", "LayerNorm.beta"}}};
/// The same in files that may have one tensor more under another name.
constexpr std::array<older_ending, 3> older_layer_norm_endings_and(const char* today, const char* other) {
  return {{older_layer_norm_endings[0], older_layer_norm_endings[1], {today, other}}};
}

/// How the tensors of an architecture are called in its files.
struct file_names {
  const file_tensor_rule* rules = nullptr;
  int rule_count = 0;
  const char* optional_prefix = "";                 ///< hub files may leave it out
  std::array<const char*, 8> ignored{};             ///< tensors that are no parameters; `*` stands for a number
  std::array<const char*, 2> copy_of_the_table{};   ///< a tied head that is stored again or alone, and the leaf it must equal
  std::array<older_ending, 3> older_endings{};      ///< looked for where the name of today is missing
  std::array<const char*, 4> optional{};            ///< parameters that a model without a head of theirs leaves in the file
  index first_block = 0;                            ///< the number of block 0 in the file
};

}  // namespace typeformer
