// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <memory>
#include <optional>  // for std::construct_at; <memory> costs six times as much to compile
#include <type_traits>
#include <utility>

namespace typeformer {

/// Wraps an error for the conversion to a `result`.
template <class Error> struct failure {
  Error error;
};
template <class Error> failure(Error) -> failure<Error>;

/// Either a value or an error. Nothing is thrown.
///
/// Precondition of `*`, `->` and `value()`: `has_value()`. Precondition of `error()`: `!has_value()`. A violation
/// traps.
template <class Value, class Error> class [[nodiscard]] result {
 public:
  using value_type = Value;
  using error_type = Error;

  constexpr result(Value value) : holds_value_{true} { std::construct_at(&value_, std::move(value)); }
  template <class Cause>
    requires std::is_constructible_v<Error, Cause>
  constexpr result(failure<Cause> cause) : holds_value_{false} {
    std::construct_at(&error_, std::move(cause.error));
  }
  constexpr result(result&& other) noexcept : holds_value_{other.holds_value_} { take(std::move(other)); }
  constexpr result(const result& other)
    requires std::is_copy_constructible_v<Value>
      : holds_value_{other.holds_value_} {
    if (holds_value_) std::construct_at(&value_, other.value_);
    else std::construct_at(&error_, other.error_);
  }
  constexpr result& operator=(result other) noexcept {
    destroy();
    holds_value_ = other.holds_value_;
    take(std::move(other));
    return *this;
  }
  constexpr ~result() { destroy(); }

  constexpr bool has_value() const { return holds_value_; }
  constexpr explicit operator bool() const { return holds_value_; }

  constexpr Value& operator*() & { return value(); }
  constexpr const Value& operator*() const& { return value(); }
  constexpr Value&& operator*() && { return std::move(value()); }
  constexpr Value* operator->() { return &value(); }
  constexpr const Value* operator->() const { return &value(); }

  constexpr Value& value() {
    if (!holds_value_) __builtin_trap();
    return value_;
  }
  constexpr const Value& value() const {
    if (!holds_value_) __builtin_trap();
    return value_;
  }
  constexpr const Error& error() const {
    if (holds_value_) __builtin_trap();
    return error_;
  }

 private:
  constexpr void take(result&& other) {
    if (holds_value_) std::construct_at(&value_, std::move(other.value_));
    else std::construct_at(&error_, std::move(other.error_));
  }
  constexpr void destroy() {
    if (holds_value_) std::destroy_at(&value_);
    else std::destroy_at(&error_);
  }

  union {
    Value value_;
    Error error_;
  };
  bool holds_value_;
};

/// Success without a value, or the error.
template <class Error> class [[nodiscard]] result<void, Error> {
 public:
  using value_type = void;
  using error_type = Error;

  constexpr result() : holds_value_{true} {}
  template <class Cause>
    requires std::is_constructible_v<Error, Cause>
  constexpr result(failure<Cause> cause) : error_{std::move(cause.error)}, holds_value_{false} {}

  constexpr bool has_value() const { return holds_value_; }
  constexpr explicit operator bool() const { return holds_value_; }
  constexpr const Error& error() const {
    if (holds_value_) __builtin_trap();
    return error_;
  }

 private:
  Error error_{};
  bool holds_value_;
};

}  // namespace typeformer
