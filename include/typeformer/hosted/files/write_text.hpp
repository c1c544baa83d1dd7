// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/files/published_file.hpp>

namespace typeformer {

/// Writes a text to `path`, as a whole or not at all (see `published_file`).
[[gnu::cold]] inline result<void, file_error> write_text(const std::string& path, std::string_view text) {
  auto file = published_file::create(path);
  if (!file) return failure{file.error()};
  if (auto written = file->write(text); !written) return written;
  return file->publish();
}

}  // namespace typeformer
