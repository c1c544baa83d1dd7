// SPDX-License-Identifier: BSL-1.0
// After construction a session never asks for memory: while `armed`, every way to the heap ends the program.
#include <array>
#include <cstdlib>
#include <new>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace {
bool armed = false;
void refuse_when_armed() {
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
void* malloc(std::size_t size) { return refuse_when_armed(), __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return refuse_when_armed(), __libc_calloc(count, size); }
void* realloc(void* memory, std::size_t size) { return refuse_when_armed(), __libc_realloc(memory, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return refuse_when_armed(), __libc_memalign(alignment, size);
}
}
#endif

TYPEFORMER_NOINLINE void* operator new(std::size_t size) {
  refuse_when_armed();
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  refuse_when_armed();
  return std::malloc(size);
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, std::align_val_t alignment) {
  refuse_when_armed();
  const std::size_t unit = std::size_t(alignment);
  if (void* const memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc{};
}
TYPEFORMER_NOINLINE void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  refuse_when_armed();
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

namespace {

using namespace typeformer;

/// Counts the calls that succeeded; a padded batch where the session takes two sequences.
template <class Session> int run_armed(Session& run) {
  const std::array<std::int32_t, 4> prompt{1, 2, 3, 4};
  int succeeded = 0;
  armed = true;
  succeeded += bool(run.prefill(prompt));
  succeeded += bool(run.decode(5));
  succeeded += bool(run.decode(6));
  succeeded += !run.decode(99);  // refused, and still nothing is allocated
  run.truncate(0, 2);
  succeeded += bool(run.prefill(prompt));
  run.reset();
  succeeded += bool(run.decode(7));
  armed = false;
  return succeeded;
}

template <class M> void check_owned() {
  const parameters<M> values;
  const weights<M> packed{values};
  REQUIRE(packed.available());
  session<M> run{packed};
  CHECK(run_armed(run) == 6);
  CHECK(run.length() == 1);
}
template <class M> void check_in_place() {
  static std::array<float, std::size_t(layout_of<M>.parameters)> values{};
  static const canonical_weights<M> flash{values.data()};
  static session<M, storage::in_place, reads<canonical_weights<M>>> run{flash};
  CHECK(run_armed(run) == 6);
}

}  // namespace

TEST_CASE("a session with storage of its own allocates nothing after construction") {
  check_owned<laws::small_gpt2>();
  check_owned<laws::small_llama>();
}
TEST_CASE("a session in place allocates nothing at all") {
  check_in_place<laws::small_gpt2>();
  check_in_place<laws::small_llama>();
}
TEST_CASE("the guard notices an allocation") {
  ::operator delete(::operator new(1));  // not armed: passes
  CHECK_FALSE(armed);
}
