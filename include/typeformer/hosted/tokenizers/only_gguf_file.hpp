// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <filesystem>
#include <string>
#include <system_error>

namespace typeformer {

/// The path of the one `.gguf` file of a folder. Empty: there is none, or more than one, or the folder cannot be read.
inline std::string only_gguf_file(const std::string& folder) {
  std::error_code stopped;
  std::string found;
  for (std::filesystem::directory_iterator at{folder, stopped}, end; !stopped && at != end; at.increment(stopped)) {
    if (at->path().extension() != ".gguf") continue;
    if (!found.empty()) return {};
    found = at->path().string();
  }
  return stopped ? std::string{} : found;
}

}  // namespace typeformer
