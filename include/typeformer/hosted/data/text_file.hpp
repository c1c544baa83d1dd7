// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// The text of a file. Errors: it cannot be read, is empty, holds zero bytes (it is binary) or is not UTF-8.
[[gnu::cold]] inline result<std::string, file_error> read_text(const std::string& path) {
  auto bytes = bytes_of_regular_file(path, std::uint64_t(-1));
  if (!bytes) return failure{file_error{path, {}, bytes.error(), {}, {}}};
  std::string text = std::move(*bytes);
  if (text.empty()) return failure{file_error{path, {}, "the file is empty", "a text", {}}};
  const auto at = [](std::size_t position) { return "at byte " + std::to_string(position); };
  if (const std::size_t zero = text.find('\0'); zero != std::string::npos)
    return failure{file_error{path, {}, "the file is binary", "a text", "a zero byte " + at(zero)}};
  if (const std::size_t error = utf8_error(text); error != text.size())
    return failure{file_error{path, {}, "the text is not UTF-8", {}, "an invalid sequence " + at(error)}};
  return text;
}

}  // namespace typeformer
