// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>

#include "imported_model.hpp"
#include "type_name.hpp"
#include "values.hpp"

namespace importing {

inline constexpr std::string_view usage =
    "typeformer-import DIR|FILE.gguf [--name NAME] [--context N] [--batch N] [--published-searches] [-o FILE]\n"
    "                  [--embed [--format FORMAT] [--lanes N] [--golden IDS] [--calibrate IDS]\n"
    "                   [--compiler CXX]]\n"
    "\n"
    "Writes the model that DIR/config.json, or the metadata of a GGUF file, describe as a C++ type into a header.\n"
    "\n"
    "  --name NAME    of the type (the folder's or file's name, spelled as C++ can)\n"
    "  --context N    tokens that a session holds (as many as the model can)\n"
    "  --batch N      sequences that a session holds (1)\n"
    "  --published-searches\n"
    "                 reject settings of generation that change every search, too\n"
    "  -o FILE        the header (NAME.hpp)\n"
    "  --embed        also write NAME_weights.S, the weights as kernels of a device read them, and NAME_image.hpp, "
    "which\n"
    "                 declares them, their checksum, and an input with its output\n"
    "  --format FORMAT\n"
    "                 of the weights: f32, bf16, int8 or int4 (f32)\n"
    "  --lanes N      floats in a vector of the device, 1 if it has no vectors: 4 for MVE, NEON, SSE (1)\n"
    "  --golden IDS   the input, such as \"1 17 3\" (some ids)\n"
    "  --calibrate IDS\n"
    "                 cache keys and values in 8 bits, with the scales that this text needs, or that of a file of ids\n"
    "  --compiler CXX for this machine: the weights are read by a program that is compiled for the model\n"
    "  --help         this\n";

/// The options of the command line.
struct import_command {
  std::filesystem::path folder, header;
  import_request request;
  image_request image;
  bool wants_help = false;

  /// Of the folder, or of a GGUF file with its ending.
  std::string folder_name() const {
    const std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  }
};

inline std::string without_ending(std::string name) {
  constexpr std::string_view ending = ".gguf";
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : name;
}

/// The same for the options of `--embed`.
inline std::string set_image_option(image_request& image, const std::string& option, const std::string& value) {
  if (option == "--format") {
    image.format = value;
    const bool is_known = value == "f32" || value == "bf16" || value == "int8" || value == "int4";
    return is_known ? "" : "--format " + value + ": expected f32, bf16, int8 or int4";
  }
  if (option == "--lanes") {
    image.lanes = tf::number_in<std::int64_t>(value).value_or(0);
    const bool is_known = image.lanes == 1 || image.lanes == 4 || image.lanes == 8 || image.lanes == 16;
    return is_known ? "" : "--lanes " + value + ": expected 1, 4, 8 or 16";
  }
  (option == "--golden" ? image.golden : option == "--calibrate" ? image.calibration : image.compiler) = value;
  return value.empty() ? option + " needs a value" : "";
}
inline bool is_image_option(std::string_view option) {
  return option == "--format" || option == "--lanes" || option == "--golden" || option == "--calibrate" ||
         option == "--compiler";
}

/// Sets an option that has a value. Returns a sentence about the value; empty if it is right.
inline std::string set_option(import_command& command, const std::string& option, const std::string& value) {
  if (is_image_option(option)) return set_image_option(command.image, option, value);
  if (option == "--name") {
    command.request.name = value;
    const std::string why = why_no_type_name(value);
    return why.empty() ? "" : "--name " + value + " " + why + ", so it is not the name of a C++ type";
  }
  if (option == "-o") {
    command.header = value;
    return value.empty() ? "-o needs the name of a file" : "";
  }
  const std::int64_t asked = tf::number_in<std::int64_t>(value).value_or(0);
  (option == "--batch" ? command.request.batch : command.request.context) = asked;
  return asked >= 1 && asked <= largest_count ? "" : option + " " + value + " is not " + std::string(count.expected);
}

/// The arguments after the program's name. Errors: a sentence.
inline tf::result<import_command, std::string> parse_command(const std::vector<std::string_view>& arguments) {
  import_command command;
  std::string of_an_image;
  for (auto at = arguments.begin(); at != arguments.end(); ++at) {
    const std::string argument{*at};
    if (argument == "--help" || argument == "-h") return command.wants_help = true, command;
    if (argument == "--published-searches") {
      command.request.searches_are_published = true;
    } else if (argument == "--embed") {
      command.image.is_wanted = true;
    } else if (is_image_option(argument) || argument == "--name" || argument == "--context" || argument == "--batch" ||
               argument == "-o") {
      if (is_image_option(argument)) of_an_image = argument;
      if (++at == arguments.end()) return tf::failure{argument + " needs a value"};
      if (std::string wrong = set_option(command, argument, std::string(*at)); !wrong.empty())
        return tf::failure{wrong};
    } else if (argument.starts_with('-') || !command.folder.empty() || argument.empty()) {
      return tf::failure{"\"" + argument + "\" is not understood; see typeformer-import --help"};
    } else {
      command.folder = argument;
    }
  }
  if (command.folder.empty()) return tf::failure{std::string("no folder is given; see typeformer-import --help")};
  if (!of_an_image.empty() && !command.image.is_wanted) return tf::failure{of_an_image + " is an option of --embed"};
  if (command.request.name.empty()) command.request.name = type_name_of(without_ending(command.folder_name()));
  if (command.header.empty()) command.header = command.request.name + ".hpp";
  return command;
}

}  // namespace importing
