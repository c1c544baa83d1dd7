// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <new>
#include <type_traits>
#include <utility>

#include <typeformer/foundation/config.hpp>
#include <typeformer/memory/huge_pages.hpp>

namespace typeformer {

/// An array of trivial elements on the heap, aligned to a cache line and zeroed. It is empty if the allocation failed.
template <class T> class owned_array {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  static constexpr std::size_t alignment = 64;

  owned_array() = default;
  /// With TYPEFORMER_NO_HEAP it is an error to construct one.
  explicit owned_array(index_type size)
      : data_{size > 0 ? static_cast<T*>(
                             ::operator new(std::size_t(size) * sizeof(T), std::align_val_t{alignment}, std::nothrow))
                       : nullptr},
        size_{data_ ? size : 0} {
#if defined(TYPEFORMER_NO_HEAP)
    static_assert(!std::is_trivially_copyable_v<T>, "TYPEFORMER_NO_HEAP: choose storage::in_place or storage::placed");
#endif
    if (data_) advise_huge_pages(data_, std::size_t(size) * sizeof(T));
    for (index_type i = 0; i < size_; ++i) data_[i] = T{};
  }
  owned_array(owned_array&& other) noexcept
      : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
  owned_array& operator=(owned_array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  owned_array(const owned_array&) = delete;
  owned_array& operator=(const owned_array&) = delete;
  ~owned_array() {
    if (data_) ::operator delete(data_, std::align_val_t{alignment});
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  index_type size() const { return size_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& operator[](index_type i) { return data_[i]; }
  const T& operator[](index_type i) const { return data_[i]; }

 private:
  T* data_ = nullptr;
  index_type size_ = 0;
};

}  // namespace typeformer
