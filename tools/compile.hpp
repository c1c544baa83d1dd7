// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "process.hpp"

namespace processes {

/// The parts of a list with colons.
inline std::vector<std::string> folders_in(const std::string& list) {
  std::vector<std::string> all;
  for (std::size_t begin = 0, end = 0; begin < list.size(); begin = end + 1) {
    end = std::min(list.find(':', begin), list.size());
    if (end > begin) all.push_back(list.substr(begin, end - begin));
  }
  return all;
}

/// Empty if there is none.
inline std::string first_line_with(std::string_view part, const std::string& log) {
  std::ifstream stream(log);
  for (std::string line; std::getline(stream, line);)
    if (line.find(part) != std::string::npos) return line;
  return {};
}

/// Compiles a model by a command whose first word is the compiler. Returns why it failed; empty if it did not.
inline std::string compile(const std::vector<std::string>& command, const std::string& log) {
  const int code = run_program(command, log);
  if (code == 0) return {};
  if (code < 0) return "the compiler " + command[0] + " cannot be started: " + std::strerror(errno);
  if (code >= 128) return "interrupted: the model is not compiled";
  const std::string error = first_line_with("error", log);
  return "the model does not compile: " + (error.empty() ? "the compiler says nothing" : error);
}

}  // namespace processes
