// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdlib>
#include <string_view>
#include <type_traits>

#include <typeformer/dispatch/isa_build.hpp>
#include <typeformer/dispatch/this_cpu.hpp>

namespace typeformer {

/// The functions of one build, and the name of its instruction set.
template <class Functions> struct chosen_functions : Functions {
  std::string_view isa;
};

/// Functions that are compiled once for each of several instruction sets, of which the processor that runs the program
/// chooses: `Functions` is a struct of pointers to functions.
///
/// A header declares them; the source that defines them is compiled by the CMake function `typeformer_add_dispatched`,
/// and the rest of the program for the baseline.
///
/// Precondition: no type in the signatures depends on the instruction set. Weights, sessions and all else in the inline
/// namespace TYPEFORMER_ISA do; each build has its own.
///
///     struct adder { double (*sum)(std::span<const float>); };
///     TYPEFORMER_DECLARE_DISPATCHED(add, adder);                            // add.hpp
///     TYPEFORMER_DEFINE_DISPATCHED(add) = {.sum = sum_of_numbers};          // add.cpp
///     if (const auto chosen = add.choose()) chosen->sum(numbers);           // anywhere
template <class Functions> class dispatched {
  static_assert(std::is_aggregate_v<Functions> && std::is_trivially_copyable_v<Functions>,
                "typeformer: dispatched functions are a struct of pointers to functions");

 public:
  using functions = Functions;

  constexpr explicit dispatched(const isa_builds& builds) : builds_{&builds} {}

  /// The build that the environment variable TYPEFORMER_ISA names. If it is empty or not set: the last one, in the
  /// order of `typeformer_add_dispatched`, that this processor can run.
  ///
  /// Errors: no such build, or none that this processor can run.
  result<chosen_functions<Functions>, isa_error> choose() const {
#if __STDC_HOSTED__
    if (const char* const name = std::getenv("TYPEFORMER_ISA"); name && *name) return choose(name);
#endif
    return of(best_build(builds(), this_cpu_features()));
  }

  /// The build of this name, whatever the environment says.
  result<chosen_functions<Functions>, isa_error> choose(std::string_view isa) const {
    return of(named_build(builds(), isa, this_cpu_features()));
  }

  isa_builds builds() const { return *builds_; }

 private:
  static result<chosen_functions<Functions>, isa_error> of(const result<const isa_build*, isa_error>& build) {
    if (!build) return failure{build.error()};
    return chosen_functions<Functions>{*static_cast<const Functions*>((*build)->functions), (*build)->isa};
  }

  const isa_builds* builds_;
};

}  // namespace typeformer

/// Declares `name`, a `dispatched<Functions>`, at namespace scope. The name is unique in the program; a shared library
/// exports it.
#define TYPEFORMER_DECLARE_DISPATCHED(name, ...)                                                                \
  extern "C" __attribute__((visibility("default"))) const ::typeformer::isa_builds typeformer_builds_of_##name; \
  inline constexpr ::typeformer::dispatched<__VA_ARGS__> name { typeformer_builds_of_##name }

// The name of the instruction set is an option of the compiler.
#if !defined(TYPEFORMER_DISPATCHED_ISA)
#define TYPEFORMER_DISPATCHED_ISA baseline
#endif
#define TYPEFORMER_BUILD_NAME_OF(name, isa) typeformer_build_of_##name##_##isa
#define TYPEFORMER_BUILD_NAME(name, isa) TYPEFORMER_BUILD_NAME_OF(name, isa)
#define TYPEFORMER_ISA_TEXT_OF(isa) #isa
#define TYPEFORMER_ISA_TEXT(isa) TYPEFORMER_ISA_TEXT_OF(isa)

/// Defines the functions of `name` for the instruction set that the source is compiled for: the initializer follows,
/// and is constant.
#define TYPEFORMER_DEFINE_DISPATCHED(name)                                                        \
  extern const decltype(name)::functions typeformer_functions_of_##name;                          \
  extern "C" {                                                                                    \
  extern __attribute__((visibility("hidden")))                                                    \
  const ::typeformer::isa_build TYPEFORMER_BUILD_NAME(name, TYPEFORMER_DISPATCHED_ISA);           \
  constinit const ::typeformer::isa_build TYPEFORMER_BUILD_NAME(name, TYPEFORMER_DISPATCHED_ISA){ \
      TYPEFORMER_ISA_TEXT(TYPEFORMER_DISPATCHED_ISA), ::typeformer::compiled_cpu_features,        \
      &typeformer_functions_of_##name};                                                           \
  }                                                                                               \
  constinit const decltype(name)::functions typeformer_functions_of_##name
