// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#ifndef TYPEFORMER_HAS_POSIX_FILES
#if __has_include(<sys/mman.h>)
#define TYPEFORMER_HAS_POSIX_FILES 1
#else
#define TYPEFORMER_HAS_POSIX_FILES 0
#endif
#endif

#if TYPEFORMER_HAS_POSIX_FILES
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/joined.hpp>

namespace typeformer {

namespace detail {

#if TYPEFORMER_HAS_POSIX_FILES
inline const char* kind_of_file(::mode_t mode) {
  return S_ISDIR(mode)    ? "a directory"
         : S_ISLNK(mode)  ? "a symbolic link"
         : S_ISFIFO(mode) ? "a FIFO"
         : S_ISSOCK(mode) ? "a socket"
                          : "a device";
}
#endif

}  // namespace detail

/// A regular file, open for reading at any offset, and closed by the destructor.
///
/// Without POSIX (`TYPEFORMER_HAS_POSIX_FILES`) devices and pipes are not distinguished from regular files, and
/// `descriptor` is -1.
class regular_file {
 public:
  regular_file() = default;
  regular_file(regular_file&& other) noexcept
      : handle_{std::exchange(other.handle_, closed)}, size_{std::exchange(other.size_, 0)} {}
  regular_file& operator=(regular_file&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(size_, other.size_);
    return *this;
  }

#if TYPEFORMER_HAS_POSIX_FILES
  /// Errors: the file cannot be opened, or is not a regular file. It never blocks, not even on a FIFO without a writer.
  [[gnu::cold]] static result<regular_file, std::string> open(const std::string& path) {
    regular_file file;
    errno = ENOENT;  // a path with a zero byte in it does not exist
    if (path.find('\0') == path.npos) file.handle_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct ::stat facts;
    if (file.handle_ == closed || ::fstat(file.handle_, &facts) != 0)
      return failure{detail::joined({"cannot be opened: ", std::strerror(errno)})};
    if (!S_ISREG(facts.st_mode))
      return failure{detail::joined({"is no regular file but ", detail::kind_of_file(facts.st_mode)})};
    file.size_ = static_cast<std::uint64_t>(facts.st_size);
    return result<regular_file, std::string>(std::move(file));
  }
  /// Whether a path leads to something that can be opened. It is not opened.
  static bool exists(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }

  /// Reads `size` bytes from `offset` on. Returns false if the file is shorter (it was shortened) or cannot be read.
  static bool read(int descriptor, std::uint64_t offset, void* to, std::size_t size) {
    auto* at = static_cast<char*>(to);
    while (size > 0) {
      const ::ssize_t got = ::pread(descriptor, at, size, static_cast<::off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      at += got, offset += static_cast<std::uint64_t>(got), size -= static_cast<std::size_t>(got);
    }
    return true;
  }
  bool read(std::uint64_t offset, void* to, std::size_t size) const { return read(handle_, offset, to, size); }

  int descriptor() const { return handle_; }
  ~regular_file() {
    if (handle_ != closed) ::close(handle_);
  }

 private:
  using handle = int;
  static constexpr handle closed = -1;
#else
  [[gnu::cold]] static result<regular_file, std::string> open(const std::string& path) {
    regular_file file;
    file.handle_ = std::fopen(path.c_str(), "rb");
    long size = 0;
    if (file.handle_ == closed || std::fseek(file.handle_, 0, SEEK_END) != 0 || (size = std::ftell(file.handle_)) < 0)
      return failure{detail::joined({"cannot be opened: ", std::strerror(errno)})};
    file.size_ = static_cast<std::uint64_t>(size);
    return result<regular_file, std::string>(std::move(file));
  }
  static bool exists(const std::string& path) { return static_cast<bool>(open(path)); }

  bool read(std::uint64_t offset, void* to, std::size_t size) const {
    return std::fseek(handle_, static_cast<long>(offset), SEEK_SET) == 0 && std::fread(to, 1, size, handle_) == size;
  }

  static bool read(int, std::uint64_t, void*, std::size_t) { return false; }
  int descriptor() const { return -1; }
  ~regular_file() {
    if (handle_ != closed) std::fclose(handle_);
  }

 private:
  using handle = std::FILE*;
  static constexpr handle closed = nullptr;
#endif

 public:
  /// In bytes, at the time of opening.
  std::uint64_t size() const { return size_; }

 private:
  handle handle_ = closed;
  std::uint64_t size_ = 0;
};

/// The bytes of a regular file of at most `most` bytes. Errors: those of `regular_file::open`; a larger file; a file
/// that is shortened while it is read.
[[gnu::cold]] inline result<std::string, std::string> bytes_of_regular_file(const std::string& path,
                                                                            std::uint64_t most) {
  const auto file = regular_file::open(path);
  if (!file) return failure{file.error()};
  if (file->size() > most)
    return failure{detail::joined({"is too large: expected at most ", detail::digits_of(most), " bytes, found ",
                                   detail::digits_of(file->size())})};
  std::string bytes(static_cast<std::size_t>(file->size()), '\0');
  if (!file->read(0, bytes.data(), bytes.size())) return failure{std::string("was shortened while it was read")};
  return bytes;
}

}  // namespace typeformer
