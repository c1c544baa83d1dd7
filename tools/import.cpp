// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <typeformer/hosted/files/write_text.hpp>

#include "import/command_line.hpp"
#include "import/header_text.hpp"
#include "import/read_model.hpp"

namespace {

int stop(const std::string& sentence) {
  std::fprintf(stderr, "typeformer-import: %s\n", importing::tf::printable(sentence).c_str());
  return 1;
}

int import(const std::vector<std::string_view>& arguments) {
  const auto command = importing::parse_command(arguments);
  if (!command) return stop(command.error());
  if (command->wants_help) {
    std::fputs(importing::usage.data(), stdout);
    return 0;
  }
  const std::filesystem::path config = command->folder / "config.json";
  if (!std::filesystem::is_regular_file(config)) return stop(config.string() + ": there is no such file");
  const auto json = importing::tf::bytes_of_regular_file(config.string(), importing::tf::largest_json_tree);
  if (!json) return stop(config.string() + ": " + json.error());

  const auto model = importing::read_model(*json, config.string(), command->request);
  if (!model) return stop(model.error().message());
  const std::string text = importing::header_text(*model, command->request, command->folder_name());
  if (const auto written = importing::tf::write_text(command->header.string(), text); !written)
    return stop(written.error().message());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return import({argv + 1, argv + argc});
  } catch (const std::exception& cause) {
    return stop(cause.what());
  }
}
