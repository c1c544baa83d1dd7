// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/text/regular_file.hpp>

#if TYPEFORMER_HAS_POSIX_FILES
#include <sys/mman.h>
#else
#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <exception>
#endif

namespace typeformer {

/// A regular file's bytes, mapped read-only into memory and unmapped at destruction.
///
/// The operating system reads a page at its first access. Precondition for reading `bytes`: the file is not shortened
/// while it is mapped, which ends the program on most systems. Reads through `file` report this as an error instead,
/// and so do the functions that load.
class mapped_file {
 public:
  mapped_file() = default;
  mapped_file(mapped_file&& other) noexcept = default;
  mapped_file& operator=(mapped_file&& other) noexcept = default;

  /// Errors: the file does not exist, may not be read, is not a regular file or cannot be mapped. An empty file has no
  /// bytes.
  TYPEFORMER_RARE static result<mapped_file, file_error> open(const std::string& path) {
    auto file = regular_file::open(path);
    if (!file) return failure{file_error{path, {}, file.error()}};
    mapped_file mapped;
    mapped.file_ = std::move(*file);
    if (mapped.file_.size() == 0) return mapped;
    if (const std::string problem = mapped.region_.map(path, mapped.file_); !problem.empty())
      return failure{file_error{path, {}, detail::joined({"cannot be mapped: ", problem})}};
    return mapped;
  }

  std::span<const std::byte> bytes() const { return region_.bytes(); }
  const regular_file& file() const { return file_; }

 private:
#if TYPEFORMER_HAS_POSIX_FILES
  class region {
   public:
    region() = default;
    region(region&& other) noexcept
        : begin_{std::exchange(other.begin_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
    region& operator=(region&& other) noexcept {
      std::swap(begin_, other.begin_), std::swap(size_, other.size_);
      return *this;
    }
    TYPEFORMER_RARE ~region() {
      if (begin_ != nullptr) ::munmap(begin_, size_);
    }
    TYPEFORMER_RARE std::string map(const std::string&, const regular_file& file) {
      if (file.size() > static_cast<std::size_t>(-1)) return std::strerror(ENOMEM);
      void* const begin =
          ::mmap(nullptr, static_cast<std::size_t>(file.size()), PROT_READ, MAP_SHARED, file.descriptor(), 0);
      if (begin == MAP_FAILED) return std::strerror(errno);
      begin_ = begin;
      size_ = static_cast<std::size_t>(file.size());
      return {};
    }
    std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(begin_), size_}; }

   private:
    void* begin_ = nullptr;
    std::size_t size_ = 0;
  };
#else
  class region {
   public:
    TYPEFORMER_RARE std::string map(const std::string& path, const regular_file&) {
      namespace bip = boost::interprocess;
      try {
        region_ = bip::mapped_region(bip::file_mapping(path.c_str(), bip::read_only), bip::read_only);
        return {};
      } catch (const std::exception& cause) {
        return cause.what();
      }
    }
    std::span<const std::byte> bytes() const {
      return {static_cast<const std::byte*>(region_.get_address()), region_.get_size()};
    }

   private:
    boost::interprocess::mapped_region region_;
  };
#endif

  regular_file file_;
  region region_;
};

}  // namespace typeformer
