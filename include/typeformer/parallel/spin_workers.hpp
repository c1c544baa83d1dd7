// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>

#include <typeformer/parallel/workers.hpp>

namespace typeformer {

/// A few threads that spin briefly between regions and then sleep. Waking them is cheap enough for kernels of
/// microseconds.
///
/// The caller works too. It never waits for a thread that has not started a part. On a busy machine a region is
/// therefore delayed at most by the parts that are already running. Not for concurrent use: one region at a time.
template <index_type Threads> class spin_pool {
  static_assert(Threads >= 1);
  static_assert(Threads == 1 || std::is_constructible_v<std::thread, void (*)()>,
                "the standard library of this target has no threads: use inline_workers");

 public:
  spin_pool() {
    if constexpr (Threads > 1)
      for (std::thread& thread : threads_) thread = std::thread([this] { serve(); });
  }
  spin_pool(const spin_pool&) = delete;
  spin_pool& operator=(const spin_pool&) = delete;
  ~spin_pool() {
    stopping_.store(true, std::memory_order_relaxed);
    state_.fetch_add(one_epoch, std::memory_order_release);
    wake_all();
    for (std::thread& thread : threads_) thread.join();
  }

  template <class F> void for_each(index_type parts, F& f) {
    if (parts <= 1 || Threads == 1) {
      for (index_type part = 0; part < parts; ++part) f(part);
      return;
    }
    const index_type units = (std::min)(parts, most_units);
    struct region {
      F* body;
      index_type parts, units;
    } job{&f, parts, units};
    job_ = &job;
    run_unit_ = [](void* data, index_type unit) {
      const region& r = *static_cast<region*>(data);
      for (index_type part = r.parts * unit / r.units; part < r.parts * (unit + 1) / r.units; ++part) (*r.body)(part);
    };
    done_.store(0, std::memory_order_relaxed);
    const std::uint64_t epoch = (state_.load(std::memory_order_relaxed) / one_epoch + 1) * one_epoch;
    state_.store(epoch | (std::uint64_t(units) << 16), std::memory_order_release);
    wake_all();
    while (claim_and_run()) {}
    while (done_.load(std::memory_order_acquire) != units) pause();
  }

 private:
  // One word holds the region's number, its number of units and the next unit. A claim for a region that has ended
  // fails.
  static constexpr std::uint64_t one_epoch = std::uint64_t{1} << 32;
  static constexpr index_type most_units = 4096;
  static constexpr int spins_before_sleep = 20'000;

  bool claim_and_run() {
    std::uint64_t seen = state_.load(std::memory_order_acquire);
    for (;;) {
      const index_type units = index_type(seen >> 16 & 0xFFFF), next = index_type(seen & 0xFFFF);
      if (next >= units) return false;
      if (!state_.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
      run_unit_(job_, next);
      done_.fetch_add(1, std::memory_order_release);
      return true;
    }
  }

  void serve() {
    int idle = 0;
    while (!stopping_.load(std::memory_order_relaxed)) {
      const std::uint64_t before = state_.load(std::memory_order_acquire);
      if (claim_and_run()) {
        idle = 0;
      } else if (++idle < spins_before_sleep) {
        pause();
      } else {
        sleep_while(before);
        idle = 0;
      }
    }
  }

  // Without the waiting functions of C++20 (libstdc++ on targets without an operating system) an idle thread yields.
  void wake_all() {
#if defined(__cpp_lib_atomic_wait)
    state_.notify_all();
#endif
  }
  void sleep_while([[maybe_unused]] std::uint64_t state) {
#if defined(__cpp_lib_atomic_wait)
    state_.wait(state, std::memory_order_acquire);
#else
    std::this_thread::yield();
#endif
  }

  static void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  alignas(64) std::atomic<std::uint64_t> state_{0};
  alignas(64) std::atomic<index_type> done_{0};
  std::atomic<bool> stopping_{false};
  void* job_ = nullptr;
  void (*run_unit_)(void*, index_type) = nullptr;
  std::array<std::thread, std::size_t(Threads - 1)> threads_;
};

/// Gives a kernel's parts to a `spin_pool`, which must outlive it. Several sessions may have separate pools.
template <index_type Threads> class spin_workers {
 public:
  explicit spin_workers(spin_pool<Threads>& pool) : pool_{&pool} {}
  static constexpr index_type count() { return Threads; }
  template <class F> void for_each(index_type parts, F&& f) const { pool_->for_each(parts, f); }

 private:
  spin_pool<Threads>* pool_;
};

}  // namespace typeformer
