// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/text/regular_file.hpp>

namespace typeformer {

/// A file that is written beside `path` under a name of its own, and replaces it once it is complete and on the disk.
/// After an error, a kill or a loss of power the old file is unchanged. If several writers have the same path, each
/// publishes its whole file, or fails; the last one stays.
///
/// The name, `<path>.<process>-<number>.partial`, is always that of a new file: no existing file is opened, and no link
/// is followed. A killed process leaves it behind.
class published_file {
 public:
  /// Errors: the file cannot be created; `path` is not a regular file (a device, a directory, a symbolic link), which
  /// does not change. Without POSIX `publish` rejects only what cannot be replaced by a rename.
  TYPEFORMER_RARE static result<published_file, file_error> create(const std::string& path) {
    published_file created{path};
    if (const char* const other = what_is_in_the_way(path))
      return failure{file_error{path, {}, "cannot be replaced", "a regular file or none", other}};
    errno = ENOENT;
    constexpr int most_attempts = 1000;  // names that an earlier process of this number left behind
    for (int attempt = 0; attempt < most_attempts && path.find('\0') == path.npos; ++attempt) {
      created.partial_ = new_name(path);
      created.stream_ = std::fopen(created.partial_.c_str(), "wbx");
      if (created.stream_ != nullptr) return result<published_file, file_error>(std::move(created));
      if (errno != EEXIST) break;
    }
    return failure{created.failed("cannot be created")};
  }

  published_file(published_file&& other) noexcept
      : path_{std::move(other.path_)},
        partial_{std::move(other.partial_)},
        stream_{std::exchange(other.stream_, nullptr)},
        is_published_{other.is_published_} {}
  published_file& operator=(published_file&& other) noexcept {
    path_.swap(other.path_), partial_.swap(other.partial_);
    std::swap(stream_, other.stream_), std::swap(is_published_, other.is_published_);
    return *this;
  }
  TYPEFORMER_RARE ~published_file() {
    if (stream_ == nullptr) return;
    std::fclose(stream_);
    if (!is_published_) std::remove(partial_.c_str());
  }

  /// Adds bytes at the end, also after `publish`. Error: the disk does not accept them.
  TYPEFORMER_RARE result<void, file_error> write(const void* data, std::size_t size) {
    if (size == 0 || std::fwrite(data, 1, size, stream_) == size) return {};
    return failure{failed("cannot be written")};
  }
  result<void, file_error> write(std::string_view text) { return write(text.data(), text.size()); }
  /// Makes the written bytes visible to readers.
  TYPEFORMER_RARE result<void, file_error> flush() {
    if (std::fflush(stream_) == 0) return {};
    return failure{failed("cannot be written")};
  }

  /// Replaces `path` by the file, once all written bytes are on the disk.
  TYPEFORMER_RARE result<void, file_error> publish() {
    if (std::fflush(stream_) != 0 || !is_on_disk()) return failure{failed("cannot be written")};
    if (const char* const other = what_is_in_the_way(path_))
      return failure{file_error{path_, {}, "cannot be replaced", "a regular file or none", other}};
    if (std::rename(partial_.c_str(), path_.c_str()) != 0) return failure{failed("cannot be replaced")};
    is_published_ = true;
    flush_folder();
    return {};
  }

  const std::string& path() const { return path_; }

 private:
  explicit published_file(std::string path) : path_{std::move(path)} {}

  file_error failed(std::string_view what) const {
    return {path_, {}, detail::joined({what, ": ", std::strerror(errno)})};
  }

  TYPEFORMER_RARE static std::string new_name(const std::string& path) {
    static std::atomic<unsigned> count{0};
    std::uint64_t process = 0;
#if TYPEFORMER_HAS_POSIX_FILES
    process = static_cast<std::uint64_t>(::getpid());
#endif
    return detail::joined(
        {path, ".", detail::digits_of(process), "-", detail::digits_of(count.fetch_add(1)), ".partial"});
  }

#if TYPEFORMER_HAS_POSIX_FILES
  /// What keeps a path from being replaced; null if it is a regular file or does not exist.
  TYPEFORMER_RARE static const char* what_is_in_the_way(const std::string& path) {
    struct ::stat facts;
    if (::lstat(path.c_str(), &facts) != 0 || S_ISREG(facts.st_mode)) return nullptr;
    return detail::kind_of_file(facts.st_mode);
  }
  bool is_on_disk() const { return ::fsync(::fileno(stream_)) == 0; }
  /// A renamed file survives a loss of power once its folder is on the disk. Some file systems cannot flush a folder.
  /// The file is whole nevertheless, so this is not an error.
  TYPEFORMER_RARE void flush_folder() const {
    const std::size_t slash = path_.find_last_of('/');
    const std::string folder = slash == path_.npos ? "." : path_.substr(0, slash + 1);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    [[maybe_unused]] const int flushed = ::fsync(descriptor);
    ::close(descriptor);
  }
#else
  static const char* what_is_in_the_way(const std::string&) { return nullptr; }
  static bool is_on_disk() { return true; }
  static void flush_folder() {}
#endif

  std::string path_, partial_;
  std::FILE* stream_ = nullptr;
  bool is_published_ = false;
};

}  // namespace typeformer
