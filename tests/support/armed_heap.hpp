// SPDX-License-Identifier: BSL-1.0
#pragma once
// Replaces what asks for memory, for the one translation unit of a program of its own: while `armed`, every way to the
// heap ends the program.
#include <cstdlib>
#include <new>

#include <typeformer/foundation/config.hpp>

namespace {
bool armed = false;
void reject_when_armed() {
  if (armed) std::abort();
}
}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_MALLOC 0  // the sanitizer's own must stay
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_MALLOC 0
#endif
#endif
#if !defined(OWN_MALLOC) && defined(__GLIBC__)
#define OWN_MALLOC 1
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) { return reject_when_armed(), __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return reject_when_armed(), __libc_calloc(count, size); }
void* realloc(void* memory, std::size_t size) { return reject_when_armed(), __libc_realloc(memory, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return reject_when_armed(), __libc_memalign(alignment, size);
}
}
#endif

TYPEFORMER_NOINLINE void* operator new(std::size_t size) {
  reject_when_armed();
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  reject_when_armed();
  return std::malloc(size);
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, std::align_val_t alignment) {
  reject_when_armed();
  const std::size_t unit = std::size_t(alignment);
  if (void* const memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc{};
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  reject_when_armed();
  const std::size_t unit = std::size_t(alignment);
  return std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
}
TYPEFORMER_NOINLINE void operator delete(void* memory) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
TYPEFORMER_NOINLINE void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {
  std::free(memory);
}
