// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <typeformer/hosted/files/write_text.hpp>

#include "import/command_line.hpp"
#include "import/header_text.hpp"
#include "import/import_folder.hpp"
#include "import/write_image.hpp"

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
  const auto imported = importing::import_folder(command->folder, command->request);
  if (!imported) return stop(imported.error());
  const std::string text = importing::header_text(imported->model, command->request, command->folder_name());
  if (const auto written = importing::tf::write_text(command->header.string(), text); !written)
    return stop(written.error().message());
  if (!command->image.is_wanted) return 0;
  const auto embedded = importing::write_image(*command, imported->weights);
  return embedded ? 0 : stop(embedded.error());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return import({argv + 1, argv + argc});
  } catch (const std::exception& cause) {
    return stop(cause.what());
  }
}
