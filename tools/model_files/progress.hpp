// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string_view>

#include <unistd.h>

namespace model_files {

/// Tells of long work on standard error: nothing in the first second, then a line that is rewritten on a terminal and
/// added every ten seconds otherwise.
class progress {
 public:
  progress(std::string_view what, std::size_t count) : what_{what}, count_{count} {}
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress() {
    if (is_terminal_ && is_shown_) std::fputs("\r\033[K", stderr);
  }

  void step() {
    ++done_;
    const auto now = clock::now();
    if (now < next_) return;
    next_ = now + (is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000));
    is_shown_ = true;
    std::fprintf(stderr, is_terminal_ ? "\r\033[K%.*s %zu of %zu" : "%.*s %zu of %zu\n", int(what_.size()),
                 what_.data(), done_, count_);
    std::fflush(stderr);
  }

 private:
  using clock = std::chrono::steady_clock;

  std::string_view what_;
  std::size_t count_, done_ = 0;
  bool is_terminal_ = ::isatty(::fileno(stderr)) == 1, is_shown_ = false;
  clock::time_point next_ = clock::now() + std::chrono::seconds(1);
};

}  // namespace model_files
