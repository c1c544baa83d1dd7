// SPDX-License-Identifier: BSL-1.0
#pragma once
// RapidJSON 1.1's empty stack adds an offset to a null pointer to check whether it must grow. This is harmless, and
// fixed after 1.1, but stops a program that is built with clang's undefined behavior sanitizer.
#if defined(__clang__) && defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define TYPEFORMER_RAPIDJSON_IS_SANITIZED
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#endif

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#if defined(TYPEFORMER_RAPIDJSON_IS_SANITIZED)
#pragma clang attribute pop
#undef TYPEFORMER_RAPIDJSON_IS_SANITIZED
#endif
