// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

namespace typeformer {

/// The name of a type as the compiler spells it. Use it in messages, not for comparison.
template <class T> constexpr std::string_view type_name() {
  const std::string_view spelled = __PRETTY_FUNCTION__;
  const std::size_t begin = spelled.find("T = ") + 4;
  std::size_t end = begin;
  for (int open = 0; end < spelled.size(); ++end) {  // g++ goes on with further aliases behind a semicolon
    const char c = spelled[end];
    if (open == 0 && (c == ';' || c == ']')) break;
    open += (c == '<' || c == '(' || c == '[' || c == '{') - (c == '>' || c == ')' || c == ']' || c == '}');
  }
  return spelled.substr(begin, end - begin);
}

}  // namespace typeformer
