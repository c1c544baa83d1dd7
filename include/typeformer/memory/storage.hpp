// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <typeformer/memory/owned_array.hpp>

namespace typeformer {

namespace detail {
/// An array that a plan does not ask for: no memory in any storage.
template <class T> struct no_array {
  static constexpr T* data() { return nullptr; }
  static constexpr bool available() { return true; }
};
}  // namespace detail

/// Where the memory of a session lies.
namespace storage {

/// Kind of the options that say where.
struct policy;

/// On the heap, allocated once when the object is made.
struct owned {
  using option_kind = policy;
  template <class T, index_type Size> class allocated {
   public:
    T* data() { return memory_.data(); }
    const T* data() const { return memory_.data(); }
    bool available() const { return memory_.size() == Size; }

   private:
    owned_array<T> memory_{Size};
  };
  template <class T, index_type Size>
  using array = std::conditional_t<(Size > 0), allocated<T, Size>, detail::no_array<T>>;
};

/// Inside the object: make the object static, but not `constinit`. No heap is touched.
///
/// Nothing is cleared or copied at start-up, and a static object costs no flash: it lies where memory begins as zero
/// (`.bss`).
struct in_place {
  using option_kind = policy;
  template <class T, index_type Size> class contained {
   public:
    /// Leaves the elements as they are. An object with elements that have no value is no constant, so that compilers do
    /// not place a static one, with the address of its weights and an image of all its zeros, among initialized data.
    constexpr contained() {
      if (!std::is_constant_evaluated()) __asm__ volatile("");  // clang's optimizer would make it a constant again
    }
    constexpr T* data() { return memory_.data(); }
    constexpr const T* data() const { return memory_.data(); }
    static constexpr bool available() { return true; }

   private:
    alignas(64) std::array<T, std::size_t(Size)> memory_;
  };
  template <class T, index_type Size>
  using array = std::conditional_t<(Size > 0), contained<T, Size>, detail::no_array<T>>;
};

}  // namespace storage

}  // namespace typeformer
