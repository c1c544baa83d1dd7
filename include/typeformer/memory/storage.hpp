// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <type_traits>

#include <typeformer/memory/owned_array.hpp>

namespace typeformer {

namespace detail {
/// An array that a plan does not need. It has no memory in any storage.
template <class T> struct no_array {
  static constexpr T* data() { return nullptr; }
  static constexpr bool available() { return true; }
};
}  // namespace detail

/// Storage policies: where the memory of a session lies.
namespace storage {

/// Kind of the storage options.
struct policy;

/// On the heap, allocated once when the object is constructed.
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

/// Inside the object, without heap. Make the object static, but not `constinit`.
///
/// A static object then lies in zero-initialized memory (`.bss`). It costs no flash, and nothing is cleared or copied
/// at start-up.
struct in_place {
  using option_kind = policy;
  template <class T, index_type Size> class contained {
   public:
    /// Leaves the elements uninitialized. An object with uninitialized elements is not a constant. Otherwise compilers
    /// would place a static object, with the address of its weights and an image of all its zeros, in initialized data.
    constexpr contained() {
      if (!std::is_constant_evaluated()) __asm__ volatile("");  // or clang makes it a constant again
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
