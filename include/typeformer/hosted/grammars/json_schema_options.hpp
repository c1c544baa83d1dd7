// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

struct json_schema_options {
  std::uint32_t most_spaces = 1;  ///< behind a comma or colon
  int depth_of_any_value = 2;     ///< how deeply the arrays and objects of a value without a type are nested
  int most_recursions = 2;        ///< how often a schema may contain itself
};

}  // namespace typeformer
