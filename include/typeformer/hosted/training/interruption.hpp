// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <csignal>

namespace typeformer {

namespace detail {
inline volatile std::sig_atomic_t interrupt_seen = 0;
inline void note_interrupt(int signal) {
  interrupt_seen = 1;
  std::signal(signal, SIG_DFL);
}
}  // namespace detail

/// An observer that stops training after Ctrl-C (SIGINT) or SIGTERM while it exists. A second signal ends the program.
///
/// Precondition: at most one exists at a time.
class interruption {
 public:
  interruption() {
    detail::interrupt_seen = 0;
    before_interrupt_ = std::signal(SIGINT, detail::note_interrupt);
    before_termination_ = std::signal(SIGTERM, detail::note_interrupt);
  }
  ~interruption() {
    if (before_interrupt_ != SIG_ERR) std::signal(SIGINT, before_interrupt_);
    if (before_termination_ != SIG_ERR) std::signal(SIGTERM, before_termination_);
  }
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  bool wants_stop() const { return detail::interrupt_seen != 0; }

 private:
  void (*before_interrupt_)(int) = SIG_DFL;
  void (*before_termination_)(int) = SIG_DFL;
};

}  // namespace typeformer
