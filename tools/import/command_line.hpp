// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "imported_model.hpp"
#include "published_config.hpp"

namespace importing {

inline constexpr std::string_view usage =
    "typeformer-import DIR [--name NAME] [--context N] [--batch N] [-o FILE]\n"
    "\n"
    "Writes the model that DIR/config.json describes as a C++ type into a header.\n"
    "\n"
    "  --name NAME    of the type (the folder's name, spelled as C++ can)\n"
    "  --context N    tokens that a session holds (as many as the model can)\n"
    "  --batch N      sequences that a session holds (1)\n"
    "  -o FILE        the header (NAME.hpp)\n"
    "  --help         this\n";

/// What the command line asks for.
struct import_command {
  std::filesystem::path folder, header;
  import_request request;
  bool wants_help = false;
};

inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether C++ takes it for the name of a type outside namespaces.
inline bool is_type_name(std::string_view name) {
  constexpr std::string_view keywords[] = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
      "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept",
      "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete",
      "do", "double", "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for",
      "friend", "goto", "if", "inline", "int", "long", "main", "mutable", "namespace", "new", "noexcept", "not",
      "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
      "reinterpret_cast", "requires", "return", "short", "signed", "sizeof", "static", "static_assert",
      "static_cast", "std", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try",
      "typedef", "typeformer", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
      "wchar_t", "while", "xor", "xor_eq"};
  const bool spelled = !name.empty() && is_letter(name[0]) &&
                       std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
  const bool reserved = name.starts_with('_') || name.find("__") != std::string_view::npos ||
                        name == "preset" || name == "index";  // a member of the type, a function of <string.h>
  return spelled && !reserved && std::ranges::find(keywords, name) == std::end(keywords);
}

/// `TinyLlama-1.1B` becomes `tinyllama_1_1b`.
inline std::string type_name_of(std::string_view folder) {
  std::string name;
  for (char c : folder) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if (is_letter(c) || is_digit(c)) name += c;
    else if (!name.empty() && name.back() != '_') name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return is_type_name(name) ? name : "model_" + name;
}

/// The arguments after the program's name. Errors: a sentence.
inline tf::result<import_command, std::string> parse_command(const std::vector<std::string_view>& arguments) {
  import_command command;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument{arguments[i]};
    if (argument == "--help" || argument == "-h") {
      command.wants_help = true;
    } else if (argument == "--name" || argument == "--context" || argument == "--batch" || argument == "-o") {
      if (++i == arguments.size()) return tf::failure{argument + " needs a value"};
      const std::string value{arguments[i]};
      if (argument == "-o") {
        if (value.empty()) return tf::failure{std::string("-o needs the name of a file")};
        command.header = value;
      } else if (argument == "--name") {
        if (!is_type_name(value)) return tf::failure{"--name " + value + " is not the name of a C++ type"};
        command.request.name = value;
      } else {
        std::int64_t& number = argument == "--batch" ? command.request.batch : command.request.context;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (problem != std::errc{} || end != value.data() + value.size() || number < 1 || number > largest_count)
          return tf::failure{argument + " " + value + " is not a whole number from 1 to " +
                             std::to_string(largest_count)};
      }
    } else if (argument.starts_with('-') || !command.folder.empty() || argument.empty()) {
      return tf::failure{"\"" + argument + "\" is not understood; see typeformer-import --help"};
    } else {
      command.folder = argument;
    }
  }
  if (command.wants_help) return command;
  if (command.folder.empty()) return tf::failure{std::string("no folder is given; see typeformer-import --help")};
  if (command.request.name.empty()) {
    const std::filesystem::path whole = std::filesystem::absolute(command.folder).lexically_normal();
    command.request.name = type_name_of((whole.has_filename() ? whole : whole.parent_path()).filename().string());
  }
  if (command.header.empty()) command.header = command.request.name + ".hpp";
  return command;
}

}  // namespace importing
