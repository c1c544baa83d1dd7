// SPDX-License-Identifier: BSL-1.0
// Start-up and console of a RISC-V processor without an operating system, on QEMU's board `virt`.
#include "../bare_metal.hpp"

/// RISC-V Semihosting 0.4, whose mark is two shifts around a breakpoint.
long ask(long what, const void* argument) {
  register long a0 __asm__("a0") = what;
  register const void* a1 __asm__("a1") = argument;
  __asm__ volatile(
      ".option push\n.option norvc\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
      ".option pop"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return a0;
}

std::uint32_t board::instructions() {
  unsigned long retired;
  __asm__ volatile("csrr %0, minstret" : "=r"(retired));
  return std::uint32_t(retired);
}

extern "C" {

__attribute__((used, aligned(4))) void fault() {
  board::write("fault\n");
  board::stop(3);
}

__attribute__((used)) void start() {
  prepare_memory(static_cast<std::uint32_t*>(__builtin_frame_address(0)) - 32);
  construct_objects();
  board::stop(run());
}

/// Where the processor begins: the stack, the handler of faults, and the floating-point unit, which is off (mstatus.FS).
__attribute__((naked, section(".vectors"), used)) void reset() {
  __asm__ volatile(
      ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
      "la sp, stack_top\n"
      "la t0, fault\ncsrw mtvec, t0\n"
      "li t0, 0x2000\ncsrs mstatus, t0\n"
      "j start");
}

}  // extern "C"
