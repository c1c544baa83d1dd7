// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/foundation/config.hpp>
#include <typeformer/parameters/value_of_place.hpp>

namespace typeformer {

/// How a tensor of a file is divided into leaves: rows of the leaves one after the other, as they are or transposed.
enum class file_layout { as_is, transposed };

/// One tensor of a file and the leaves that it holds. `*` stands for the number of the block; in the file it counts
/// from `first_block`.
///
/// A leaf that ends in a dot stands for all leaves whose names begin in this way. What follows is the same in the file:
/// `{.file = "layers.*.mlp.", .leaves = {"blocks.*.feed_forward."}}`. A rule for a longer beginning, or for the whole
/// name, goes before.
///
/// A leaf without a rule has its own name in files. The rules of a model are checked where it is loaded or saved: each
/// rule names a leaf of the model, and no row of a leaf is in two tensors.
struct file_tensor_rule {
  const char* file = nullptr;  ///< null: files omit these leaves, whose values are all `constant`
  file_layout layout = file_layout::as_is;
  std::array<const char*, 5> leaves{};
  /// Each leaf is divided into this number of equal runs of rows, for example one per head. With a `#` in the file's
  /// name, each run is a tensor and `#` is its number. Without it, the runs of the leaves alternate in one tensor.
  index_type pieces = 1;
  index_type first_row = 0, row_count = 0;  ///< the rows of the leaf that the tensor holds; 0: all
  double constant = 0;
  bool optional = false;  ///< true: a model need not have these leaves
  /// The tensor's extents in the file where these are not the leaf's rows and columns, such as [outputs][inputs][kernel]
  /// of a convolution. The order of the numbers is the same. An extent of 0 ends them.
  std::array<index_type, 4> shape{};
  value_of_place otherwise = nullptr;  ///< the leaves' values if a file lacks the tensor; null: it must be there

  constexpr int leaf_count() const {
    int n = 0;
    while (n < int(leaves.size()) && leaves[std::size_t(n)]) ++n;
    return n;
  }
  /// The number of extents of `shape`; 0: the leaf's.
  constexpr int rank() const {
    int n = 0;
    while (n < int(shape.size()) && shape[std::size_t(n)]) ++n;
    return n;
  }
};

/// A rule for leaves that not every model of a family has.
constexpr file_tensor_rule where_present(file_tensor_rule rule) {
  rule.optional = true;
  return rule;
}
/// A rule for a tensor that a file may lack. The leaves then have the values of `otherwise`.
constexpr file_tensor_rule or_else(file_tensor_rule rule, value_of_place otherwise) {
  rule.otherwise = otherwise;
  return rule;
}
/// A tensor whose extents in the file are others than the leaf's.
constexpr file_tensor_rule in_shape(const char* file, const char* leaf, std::array<index_type, 4> shape) {
  file_tensor_rule rule{.file = file, .leaves = {leaf}};
  rule.shape = shape;
  return rule;
}
/// One tensor for each of `pieces` runs of rows of a leaf: `"h.*.head.#.q.weight"`.
constexpr file_tensor_rule in_pieces(const char* file, file_layout layout, std::array<const char*, 5> leaves,
                                     index_type pieces) {
  return {file, layout, leaves, pieces};
}
/// A tensor that holds `row_count` rows of a leaf, from `first_row` on. Other tensors hold the rest.
constexpr file_tensor_rule rows_of(const char* leaf, index_type first_row, index_type row_count, const char* file,
                                   file_layout layout = file_layout::as_is) {
  return {file, layout, {leaf}, 1, first_row, row_count};
}
/// A leaf that files omit. All its values are `constant`: zero for a bias that an architecture does not have, one for a
/// gain. Values that training changed are saved under the leaf's own name.
constexpr file_tensor_rule not_in_file(const char* leaf, double constant) {
  return {nullptr, file_layout::as_is, {leaf}, 1, 0, 0, constant};
}
/// `row_count` rows of a leaf, from `first_row` on, that files omit while tensors hold the others: the row of a padding
/// or start token that is always zero. Values that training changed are saved under the leaf's name and `.row_` with
/// the number of the first row.
constexpr file_tensor_rule rows_not_in_file(const char* leaf, index_type first_row, index_type row_count,
                                            double constant) {
  return {nullptr, file_layout::as_is, {leaf}, 1, first_row, row_count, constant};
}

/// An ending of names in other, mostly older, files, and the current one.
struct older_ending {
  const char* ending = nullptr;
  const char* older = nullptr;
};

/// The endings of norm parameters in files that were converted before these were renamed.
inline constexpr std::array<older_ending, 3> older_layer_norm_endings{
    {{"LayerNorm.weight", "LayerNorm.gamma"}, {"LayerNorm.bias", "LayerNorm.beta"}}};
/// The same, for files in which one more tensor may have another name.
constexpr std::array<older_ending, 3> older_layer_norm_endings_and(const char* today, const char* other) {
  return {{older_layer_norm_endings[0], older_layer_norm_endings[1], {today, other}}};
}

/// The names of an architecture's tensors in its files.
struct file_names {
  const file_tensor_rule* rules = nullptr;
  int rule_count = 0;
  const char* optional_prefix = "";      ///< files may omit it
  std::array<const char*, 8> ignored{};  ///< tensors that are not parameters; `*` stands for a number
  std::array<const char*, 2>
      copy_of_the_table{};  ///< a tied head that is stored again or alone, and the leaf that it must equal
  std::array<older_ending, 3> older_endings{};  ///< tried if the current name is missing
  std::array<const char*, 4> optional{};        ///< parameters of heads, ignored if the model lacks them
  index_type first_block = 0;                   ///< the number of block 0 in the file
  bool rotates_adjacent_pairs = false;          ///< as llama2.c's checkpoints; Hugging Face's are half-split
};

}  // namespace typeformer
