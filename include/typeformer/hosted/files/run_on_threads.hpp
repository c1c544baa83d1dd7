// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#if __has_include(<pthread.h>) && __has_include(<unistd.h>)
#include <pthread.h>
#include <unistd.h>
#endif

namespace typeformer {

// Not <thread>, which takes g++ 0.2 s in every translation unit that loads a model.

/// Processors that this machine has, at least 1.
inline unsigned processor_count() {
#if __has_include(<pthread.h>) && __has_include(<unistd.h>)
  const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? unsigned(count) : 1;
#else
  return 1;
#endif
}

/// Calls `work(data)` on up to `Most` threads, this one among them, and waits for all. There are fewer if the system starts no
/// more, and one where it has no POSIX threads. `work` throws nothing.
template <unsigned Most> void run_on_threads(unsigned threads, void* (*work)(void*), void* data) {
#if __has_include(<pthread.h>) && __has_include(<unistd.h>)
  pthread_t others[Most];
  std::size_t started = 0;
  while (started + 1 < threads && started + 1 < Most && ::pthread_create(&others[started], nullptr, work, data) == 0)
    ++started;
  work(data);
  for (std::size_t i = 0; i < started; ++i) ::pthread_join(others[i], nullptr);
#else
  (void)threads;
  work(data);
#endif
}

}  // namespace typeformer
