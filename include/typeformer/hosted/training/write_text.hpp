// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/file_error.hpp>

namespace typeformer {

/// Writes a text to a file beside `path` that replaces it when it is complete.
[[gnu::cold]] inline result<void, file_error> write_text(const std::string& path, std::string_view text) {
  const auto failed = [&](const char* what) {
    return failure{file_error{path, {}, std::string(what) + ": " + std::strerror(errno), {}, {}}};
  };
  const std::string partial = path + ".partial";
  std::FILE* const file = std::fopen(partial.c_str(), "wb");
  if (file == nullptr) return failed("cannot be created");
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if ((std::fclose(file) != 0) || !written || std::rename(partial.c_str(), path.c_str()) != 0) {
    auto error = failed("cannot be written");
    std::remove(partial.c_str());
    return error;
  }
  return {};
}

}  // namespace typeformer
