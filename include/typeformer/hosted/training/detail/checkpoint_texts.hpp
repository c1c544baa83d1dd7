// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/checkpoint_file.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer::detail {

/// The texts of a checkpoint, by name.
class checkpoint_texts {
 public:
  explicit checkpoint_texts(const checkpoint_file& file) : file_{file} {}

  file_error error(std::string_view problem, std::string_view expected, std::string_view found) const {
    return {file_.path(), {}, problem, expected, found};
  }

  /// The text of that name, or null.
  const std::string_view* find(std::string_view name) const {
    for (const auto& [key, value] : file_.files().front().metadata())
      if (key == name) return &value;
    return nullptr;
  }

  /// Error: there is no such text, or it is not a count.
  TYPEFORMER_RARE result<std::uint64_t, file_error> count(const char* name) const {
    const std::string_view* const found = find(name);
    if (!found) return failure{error(std::string(name) + " is missing", "a number", "none")};
    const std::optional<std::uint64_t> number = number_in<std::uint64_t>(*found);
    if (!number) return failure{error(std::string(name) + " is no count", "a number", quoted_name(*found))};
    return *number;
  }

 private:
  const checkpoint_file& file_;
};

}  // namespace typeformer::detail
