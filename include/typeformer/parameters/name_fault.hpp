// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer::detail {

/// What is wrong with the rules that map a model's parameters to the tensors of files.
enum class name_problem {
  none,
  no_such_leaf,     ///< the rule's leaf is none of the model
  other_numbers,    ///< another count of `*` in the file's name than in the leaf's
  unlike_leaves,    ///< leaves of one tensor with other widths, or in other blocks
  no_such_rows,     ///< rows that the leaf does not have, or that do not make equal pieces
  useless_pieces,   ///< `#` without pieces, or pieces that nothing tells apart
  rows_held_twice,  ///< by the tensors of `rule` and `other`
  rows_left_out,    ///< only `got` of `expected` rows of `leaf` are held
  other_shape,      ///< the shape in the file has `got` numbers, the leaves have `expected`
  same_tensor,      ///< `rule` and `other`, or the leaf's own name, are one tensor's
  no_such_table,    ///< the leaf that is stored again is none of the model, or lies in several tensors
  too_many
};
struct name_fault {
  name_problem what = name_problem::none;
  int rule = 0, part = 0, other = -1, leaf = 0;
  index_type got = 0, expected = 0;
};

}  // namespace typeformer::detail
