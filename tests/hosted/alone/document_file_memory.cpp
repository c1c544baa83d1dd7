// SPDX-License-Identifier: BSL-1.0
// The memory cost of reading a large file. Replaces operator new to count. It is a separate program, so that its peak
// is the reader's.
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>

#include <typeformer/foundation/config.hpp>
#include <typeformer/hosted/data/document_file.hpp>

#include <support/catch.hpp>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1  // a sanitizer replaces the operators and uses memory itself
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

namespace {
std::size_t asked_for = 0;
}  // namespace

#if !defined(SANITIZED)
TYPEFORMER_NOINLINE void* operator new(std::size_t size) {
  asked_for += size;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  asked_for += size;
  return std::malloc(size);
}
TYPEFORMER_NOINLINE void operator delete(void* memory) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
#endif

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

struct cost {
  std::size_t opening = 0, shard = 0;  ///< requested bytes
  std::size_t documents = 0;
  std::size_t peak = 0;  ///< most resident bytes of the process so far
};

cost cost_of(std::size_t size) {
  const auto path = (std::filesystem::temp_directory_path() / "typeformer-document-memory").string();
  {
    std::string part;
    while (part.size() < mebibyte) part += "A sentence of a document.\nAnd one more of them.\n\n";
    std::ofstream stream{path, std::ios::binary};
    for (std::size_t written = 0; written < size; written += part.size()) stream << part;
  }
  cost found;
  asked_for = 0;
  {
    const auto file = typeformer::document_file::open(path, {.shard_bytes = mebibyte});
    REQUIRE(file);
    found.opening = asked_for;
    std::size_t bytes = 0;
    for (std::size_t shard = 0; shard < file->shards(); ++shard) {
      asked_for = 0;
      const auto documents = file->read(shard);
      found.shard = std::max(found.shard, asked_for);
      found.documents += documents.size();
      for (const auto& each : documents)
        for (const std::string_view sentence : each) bytes += sentence.size();
    }
    CHECK(bytes > size / 2);
  }
  std::filesystem::remove(path);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  found.peak = static_cast<std::size_t>(usage.ru_maxrss) * 1024;
  return found;
}

}  // namespace

TEST_CASE("needs no more memory for a file sixteen times the size", "[training]") {
  const cost small = cost_of(4 * mebibyte), large = cost_of(64 * mebibyte);
  CHECK(large.documents > 15 * small.documents);
#if !defined(SANITIZED)
  CHECK(std::max(small.opening, large.opening) < 4096);
  CHECK(small.shard > mebibyte);
  CHECK(large.shard < small.shard + small.shard / 16);
  CHECK(large.peak < small.peak + 6 * mebibyte);
#endif
}
