// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <string>
#include <string_view>

#include <typeformer/inspection/flops.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/models/adapted.hpp>

/// The facts that a program prints about an imported model. All of them come from the compiler.
namespace importing {

/// A type as the compiler spells it.
template <class T> constexpr std::string_view spelled() {
  const std::string_view function = __PRETTY_FUNCTION__;
  const std::size_t first = function.find("T = ") + 4, semicolon = function.find(';', first);
  return function.substr(first, (semicolon == std::string_view::npos ? function.rfind(']') : semicolon) - first);
}

/// The type broken into lines of at most `columns` where possible, each layer on its own line.
inline std::string laid_out(std::string_view type, std::size_t indent = 0, std::size_t columns = 116) {
  const std::size_t open = type.find('<');
  if (indent + type.size() <= columns || open == std::string_view::npos) return std::string(type);
  std::string text(type.substr(0, open + 1));
  std::size_t first = open + 1;
  for (std::size_t at = first, depth = 0; at < type.size(); ++at) {
    if (type[at] == '<' || type[at] == '{' || type[at] == '(') ++depth;
    const bool is_last = at + 1 == type.size();
    if ((type[at] == ',' && depth == 0) || is_last) {
      text += "\n" + std::string(indent + 2, ' ') + laid_out(type.substr(first, at - first), indent + 2, columns);
      text += is_last ? '>' : ',';
      first = at + 2;
    }
    if (type[at] == '>' || type[at] == '}' || type[at] == ')') --depth;
  }
  return text;
}

template <class M, class Memory, class Step> void print_facts(const char* name) {
  const auto fact = [](const char* what, std::int64_t number) {
    std::printf("%-12s%lld\n", what, static_cast<long long>(number));
  };
  fact("parameters", typeformer::parameter_count<M>);
  fact("flash", Memory::flash_bytes);
  fact("state", Memory::state_bytes);
  fact("arena", Memory::arena_bytes);
  fact("RAM", Memory::ram_bytes);
  fact("FLOPs", typeformer::flops<M, Step>);
  std::printf("\nstruct %s : %s {};\n", name, laid_out(spelled<typeformer::detail::composition_of_t<M>>()).c_str());
}

}  // namespace importing
