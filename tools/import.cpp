// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "import/command_line.hpp"
#include "import/header_text.hpp"
#include "import/read_model.hpp"

namespace {

int stop(const std::string& sentence) {
  std::fprintf(stderr, "typeformer-import: %s\n", sentence.c_str());
  return 1;
}

/// Either the whole text is there afterwards, or what was there before.
bool write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path part = path;
  part += ".part";
  std::ofstream file(part, std::ios::binary);
  file << text;
  file.close();
  std::error_code problem;
  if (file) std::filesystem::rename(part, path, problem);
  if (file && !problem) return true;
  std::filesystem::remove(part, problem);
  return false;
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
  if (!write(command->header, text)) return stop(command->header.string() + ": cannot be written");
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
