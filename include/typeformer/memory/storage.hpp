// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
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

/// Whether an array of a plan holds what a call computes, or what outlives it.
enum class lifetime { of_a_call, of_the_object };

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
  template <class T, index_type Size, lifetime = lifetime::of_a_call, std::int64_t = 0>
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
  template <class T, index_type Size, lifetime = lifetime::of_a_call, std::int64_t = 0>
  using array = std::conditional_t<(Size > 0), contained<T, Size>, detail::no_array<T>>;
};

/// Memory of the caller for `placed`. An object with static storage duration lies where its section says, for example
/// `[[gnu::section(".dtcm")]] static region<footprint<M, Use>::arena_bytes> fast;`.
template <std::int64_t Bytes> struct region {
  static constexpr std::int64_t size = Bytes;

  alignas(64) std::byte bytes[std::size_t(Bytes > 0 ? Bytes : 1)];
};

/// In two regions of the caller's: `Activations` for what a call computes, `State` for what outlives it, such as cached
/// keys and values. Sessions that never run at once may have the same activations. The object itself holds token ids and
/// lengths. It cannot be copied.
///
/// A region that is too small is a compile error, which names both numbers of bytes.
template <auto& Activations, auto& State> struct placed {
  using option_kind = policy;
  static constexpr std::int64_t activations = Activations.size, state = State.size;

  template <class T, index_type Size, lifetime Lifetime, std::int64_t Offset> class in_region {
   public:
    in_region() = default;
    in_region(const in_region&) = delete;
    in_region& operator=(const in_region&) = delete;

    T* data() { return data_; }
    const T* data() const { return data_; }
    static constexpr bool available() { return true; }

   private:
    static T* address() {
      if constexpr (Lifetime == lifetime::of_the_object)
        return std::launder(reinterpret_cast<T*>(State.bytes + Offset));
      else return std::launder(reinterpret_cast<T*>(Activations.bytes + Offset));
    }

    T* data_ = address();  // without a member, clang 16 crashes
  };
  template <class T, index_type Size, lifetime Lifetime = lifetime::of_a_call, std::int64_t Offset = 0>
  using array = std::conditional_t<(Size > 0), in_region<T, Size, Lifetime, Offset>, detail::no_array<T>>;
};

}  // namespace storage

}  // namespace typeformer
