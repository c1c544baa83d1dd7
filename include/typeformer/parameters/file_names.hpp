// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// How a file's tensor becomes leaves: rows of the leaves one after the other, as they lie or transposed.
enum class file_layout { as_is, transposed };

/// One tensor of a file and the leaves that it holds; `*` stands for the block's number, in the file from `first_block`
/// on.
///
/// A leaf that no rule names has its own name in files. What the rules of a model say is checked where a file of it is
/// read or written: each names a leaf that the model has, and no leaf has its rows from two tensors.
struct file_tensor_rule {
  const char* file = nullptr;  ///< null: files leave these leaves out, `constant` stands for all their values
  file_layout layout = file_layout::as_is;
  std::array<const char*, 5> leaves{};
  /// Each leaf consists of so many runs of as many rows, for instance one a head. With a `#` in the file's name each
  /// run is a tensor, and `#` its number; without, the runs of the leaves alternate in one tensor.
  index_type pieces = 1;
  index_type first_row = 0, row_count = 0;  ///< which rows of the leaf the tensor holds; 0: all
  double constant = 0;
  bool optional = false;  ///< a model may have none of these leaves

  constexpr int leaf_count() const {
    int n = 0;
    while (n < int(leaves.size()) && leaves[std::size_t(n)]) ++n;
    return n;
  }
};

/// For a family whose members do not all have these leaves.
constexpr file_tensor_rule where_present(file_tensor_rule rule) {
  rule.optional = true;
  return rule;
}
/// A tensor for each of `pieces` runs of rows of a leaf: `"h.*.head.#.q.weight"`.
constexpr file_tensor_rule in_pieces(const char* file, file_layout layout, std::array<const char*, 5> leaves,
                                     index_type pieces) {
  return {file, layout, leaves, pieces};
}
/// A tensor that holds `row_count` rows of a leaf from `first_row` on; others hold the rest.
constexpr file_tensor_rule rows_of(const char* leaf, index_type first_row, index_type row_count, const char* file,
                                   file_layout layout = file_layout::as_is) {
  return {file, layout, {leaf}, 1, first_row, row_count};
}
/// A leaf that files leave out: all its values are `constant`, zero for a bias that an architecture does not have, one
/// for a gain. Values that training changed are stored under the leaf's own name.
constexpr file_tensor_rule not_in_file(const char* leaf, double constant) {
  return {nullptr, file_layout::as_is, {leaf}, 1, 0, 0, constant};
}

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
  const char* optional_prefix = "";      ///< hub files may leave it out
  std::array<const char*, 8> ignored{};  ///< tensors that are no parameters; `*` stands for a number
  std::array<const char*, 2>
      copy_of_the_table{};  ///< a tied head that is stored again or alone, and the leaf it must equal
  std::array<older_ending, 3> older_endings{};  ///< looked for where the name of today is missing
  std::array<const char*, 4> optional{};        ///< parameters that a model without a head of theirs leaves in the file
  index_type first_block = 0;                   ///< the number of block 0 in the file
};

}  // namespace typeformer
