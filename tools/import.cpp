// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <typeformer/hosted/training/write_text.hpp>

#include "import/command_line.hpp"
#include "import/header_text.hpp"
#include "import/read_model.hpp"

namespace {

int stop(const std::string& sentence) {
  std::fprintf(stderr, "typeformer-import: %s\n", sentence.c_str());
  return 1;
}

/// Whether a file may be there afterwards: a device, a pipe or a link is not replaced.
bool can_hold_a_header(const std::filesystem::path& path) {
  const std::filesystem::file_status status = std::filesystem::symlink_status(path);
  return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
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
  std::ifstream file(config, std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  if (!file) return stop(config.string() + ": cannot be read");

  const auto model = importing::read_model(json, config.string(), command->request);
  if (!model) return stop(model.error().message());
  const std::filesystem::path folder = std::filesystem::absolute(command->folder).lexically_normal();
  const std::string text = importing::header_text(
      *model, command->request, (folder.has_filename() ? folder : folder.parent_path()).filename().string());
  if (!can_hold_a_header(command->header)) return stop(command->header.string() + ": is no regular file");
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
