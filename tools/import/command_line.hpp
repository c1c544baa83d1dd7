// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "imported_model.hpp"
#include "published_config.hpp"
#include "type_name.hpp"

namespace importing {

inline constexpr std::string_view usage =
    "typeformer-import DIR [--name NAME] [--context N] [--batch N] [--published-searches] [-o FILE]\n"
    "\n"
    "Writes the model that DIR/config.json describes as a C++ type into a header.\n"
    "\n"
    "  --name NAME    of the type (the folder's name, spelled as C++ can)\n"
    "  --context N    tokens that a session holds (as many as the model can)\n"
    "  --batch N      sequences that a session holds (1)\n"
    "  --published-searches\n"
    "                 reject settings of generation that change every search, too\n"
    "  -o FILE        the header (NAME.hpp)\n"
    "  --help         this\n";

/// The options of the command line.
struct import_command {
  std::filesystem::path folder, header;
  import_request request;
  bool wants_help = false;
};

/// The arguments after the program's name. Errors: a sentence.
inline tf::result<import_command, std::string> parse_command(const std::vector<std::string_view>& arguments) {
  import_command command;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string argument{arguments[i]};
    if (argument == "--help" || argument == "-h") {
      command.wants_help = true;
    } else if (argument == "--published-searches") {
      command.request.searches_are_published = true;
    } else if (argument == "--name" || argument == "--context" || argument == "--batch" || argument == "-o") {
      if (++i == arguments.size()) return tf::failure{argument + " needs a value"};
      const std::string value{arguments[i]};
      if (argument == "-o") {
        if (value.empty()) return tf::failure{std::string("-o needs the name of a file")};
        command.header = value;
      } else if (argument == "--name") {
        if (const std::string why = why_no_type_name(value); !why.empty())
          return tf::failure{"--name " + value + " " + why + ", so it is not the name of a C++ type"};
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
