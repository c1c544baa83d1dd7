// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <typeformer/text/character_class.hpp>

namespace typeformer::detail {

enum class expression_operation : std::uint8_t {
  match,
  character,  ///< one of class `first`
  run,        ///< `least` to `most` characters of class `first`
  jump,       ///< to `first`
  split,      ///< to `first`; if that fails, to `second`
  text_begin,
  text_end,
  line_begin,
  line_end,
  lookahead,  ///< what follows, up to a match, then `first`
  atomic      ///< likewise, and its match is taken
};
enum class repetition : std::uint8_t { greedy, lazy, possessive };
inline constexpr std::uint32_t without_end = std::numeric_limits<std::uint32_t>::max();

struct expression_instruction {
  expression_operation what = expression_operation::match;
  repetition how = repetition::greedy;
  bool is_negated = false;
  std::size_t first = 0, second = 0;
  std::uint32_t least = 0, most = 0;
};

struct expression_program {
  std::vector<expression_instruction> instructions;
  std::vector<character_class> classes;
};

}  // namespace typeformer::detail
