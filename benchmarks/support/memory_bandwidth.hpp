// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <support/multiply_add_peak.hpp>
#include <typeformer/memory/owned_array.hpp>

/// What the memory behind the caches delivers to one thread.
namespace typeformer::benchmarks {

/// GB/s of reading `bytes` in order, 256 MiB unless said: the best of ten passes.
inline double measure_bandwidth(double bytes = 268435456.0) {
  using pack = simd::pack<float>;
  constexpr int streams = 8;
  const index_type step = streams * pack::lanes, count = static_cast<index_type>(bytes / 4) / step * step;
  const owned_array<float> numbers_read(count);  // in large pages, as weights are
  double best = 0;
  for (int pass = 0; pass < 10; ++pass) {
    pack sum[streams];
    TYPEFORMER_UNROLL
    for (int stream = 0; stream < streams; ++stream) sum[stream] = pack(0.0f);
    const double start = thread_seconds();
    for (index_type at = 0; at < count; at += step) TYPEFORMER_UNROLL
    for (int stream = 0; stream < streams; ++stream)
      sum[stream] = sum[stream] + pack::load(numbers_read.data() + at + stream * pack::lanes);
    const double seconds = thread_seconds() - start;
    TYPEFORMER_UNROLL
    for (int stream = 0; stream < streams; ++stream) benchmark::DoNotOptimize(sum[stream]);
    best = std::max(best, 4e-9 * static_cast<double>(count) / seconds);
  }
  return best;
}

inline double bandwidth() {
  static const double gigabytes = measure_bandwidth();
  return gigabytes;
}

}  // namespace typeformer::benchmarks
