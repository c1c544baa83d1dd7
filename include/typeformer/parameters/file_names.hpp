// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// How a file's tensor becomes leaves: rows of the leaves one after the other, as they lie or transposed.
enum class file_layout { as_is, transposed };

/// One tensor of a file and the leaves that it holds; `*` stands for the block's number.
struct file_tensor_rule {
  const char* file;
  file_layout layout;
  std::array<const char*, 4> leaves;
};

/// How the tensors of an architecture are called in its files.
struct file_names {
  const file_tensor_rule* rules = nullptr;
  int rule_count = 0;
  const char* optional_prefix = "";                 ///< hub files may leave it out
  std::array<const char*, 8> ignored{};             ///< tensors that are no parameters; `*` stands for a number
  std::array<const char*, 2> copy_of_the_table{};   ///< a tied head that is stored again, and the leaf it must equal
};

}  // namespace typeformer
