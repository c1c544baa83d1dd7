// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <utility>

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/file_error.hpp>

namespace typeformer {

/// A file's bytes, mapped read-only into memory and unmapped at destruction.
///
/// The operating system reads a page when it is first touched. Precondition for reading: nobody truncates the file
/// while it is mapped.
class mapped_file {
 public:
  mapped_file() = default;

  /// Errors: the file does not exist, may not be read or cannot be mapped (a folder). An empty file has no bytes.
  TYPEFORMER_RARE static result<mapped_file, file_error> open(const std::string& path) {
    namespace bip = boost::interprocess;
    try {
      const bip::file_mapping file(path.c_str(), bip::read_only);
      if (is_empty(path)) return mapped_file{};
      mapped_file mapped;
      mapped.region_ = bip::mapped_region(file, bip::read_only);
      return result<mapped_file, file_error>(std::move(mapped));
    } catch (const std::exception& cause) {
      return failure{file_error{path, {}, detail::joined({"cannot be opened: ", cause.what()})}};
    }
  }

  std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(region_.get_address()), region_.get_size()};
  }

 private:
  // Boost refuses to map an empty file with the same error as an unreadable one.
  TYPEFORMER_RARE static bool is_empty(const std::string& path) {
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) return false;
    const bool empty = std::fgetc(file) == EOF && std::ferror(file) == 0;
    std::fclose(file);
    return empty;
  }

  boost::interprocess::mapped_region region_;
};

}  // namespace typeformer
