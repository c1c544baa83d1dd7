// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <pthread.h>

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TYPEFORMER_TEST_GUARDED_FRAMES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TYPEFORMER_TEST_GUARDED_FRAMES 1
#endif
#endif

/// A stack of that size; a sanitizer surrounds every array of a frame with guards, so it gets more room there, and the
/// bound on frames is judged by the other builds.
constexpr std::size_t small_stack(std::size_t bytes) {
#ifdef TYPEFORMER_TEST_GUARDED_FRAMES
  return 16 * bytes;
#else
  return bytes;
#endif
}

/// Runs `function(argument)` on a thread with such a stack; false when the thread could not be made.
inline bool run_on_stack(std::size_t bytes, void* (*function)(void*), void* argument) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_t thread;
  const bool ran = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                   pthread_create(&thread, &attributes, function, argument) == 0 && pthread_join(thread, nullptr) == 0;
  pthread_attr_destroy(&attributes);
  return ran;
}
