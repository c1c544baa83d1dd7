// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace importing {

/// A type of the library as C++ spells it: a name, and in angle brackets what it is made of.
struct layer_text {
  std::string name;
  std::vector<layer_text> parts;

  std::string on_one_line() const {
    if (parts.empty()) return name;
    std::string line = name + "<";
    for (const layer_text& part : parts) line += (&part == parts.data() ? "" : ", ") + part.on_one_line();
    return line + ">";
  }
  /// Broken into lines of at most `columns` where it can be; the first one begins at column `begin`.
  std::string laid_out(std::size_t indent, std::size_t begin, std::size_t columns = 116) const {
    if (parts.empty() || begin + on_one_line().size() <= columns) return on_one_line();
    std::string text = name + "<";
    bool breaks = false;  // numbers and names before the first layer stay beside the name
    for (const layer_text& part : parts) {
      breaks = breaks || part.name.find("::") != std::string::npos;
      text += &part == parts.data() ? "" : breaks ? "," : ", ";
      text += breaks ? "\n" + std::string(indent + 2, ' ') + part.laid_out(indent + 2, indent + 2, columns) : part.name;
    }
    return text + ">";
  }
};

/// A type of the namespace typeformer.
template <class... Parts> layer_text of_library(std::string name, Parts... parts) {
  return {"typeformer::" + std::move(name), {std::move(parts)...}};
}
inline layer_text literal(std::int64_t number) { return {std::to_string(number), {}}; }
inline layer_text literal(std::string text) { return {std::move(text), {}}; }

inline layer_text numbered(std::string name, std::int64_t number) {
  return of_library(std::move(name), literal(number));
}
inline layer_text named(const std::string& name, layer_text layer) {
  return of_library("named", literal("\"" + name + "\""), std::move(layer));
}

}  // namespace importing
