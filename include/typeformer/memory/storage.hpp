// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/memory/owned_array.hpp>

/// Where the memory of a session lies.
namespace typeformer::storage {

/// On the heap, allocated once when the object is made.
struct owned {
  template <class T, index Size> class array {
   public:
    T* data() { return memory_.data(); }
    const T* data() const { return memory_.data(); }
    bool available() const { return Size == 0 || memory_.size() == Size; }

   private:
    owned_array<T> memory_{Size};
  };
};

/// Inside the object: make the object static. No heap is touched.
struct in_place {
  template <class T, index Size> class array {
   public:
    constexpr T* data() { return memory_.data(); }
    constexpr const T* data() const { return memory_.data(); }
    static constexpr bool available() { return true; }

   private:
    alignas(Size > 0 ? 64 : alignof(T)) std::array<T, std::size_t(Size)> memory_{};
  };
};

}  // namespace typeformer::storage
